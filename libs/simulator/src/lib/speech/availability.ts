import type { SpeechChildPaths } from './child-paths.ts';
import type { LoadRecogniser } from './child-messages.ts';
import { STOCK_MODEL_DIRECTORY } from './recogniser-pool.ts';
import { SupervisedProcess } from './supervised-process.ts';

/** Whether one part of the embedded speech works here; if not, the reason in plain words and the command that cures it. */
export type PartAvailability = { available: true } | { available: false; reason: string; remedy: string };

export interface SpeechAvailability {
  recogniser: PartAvailability;
  synthesiser: PartAvailability;
}

export interface ProbeOptions {
  modelDirectory?: string;
}

/**
 * Finds out whether speech can be recognised and made here, by really loading both engines, each in a process of its own
 * that is gone when this resolves (about 0.5 s). Never rejects.
 */
export async function probeSpeech(paths: SpeechChildPaths, options: ProbeOptions = {}): Promise<SpeechAvailability> {
  const { modelDirectory = STOCK_MODEL_DIRECTORY } = options;
  const loadRecogniser: LoadRecogniser = { type: 'load', modelDirectory, domainWeight: 0 };
  const [recogniser, synthesiser] = await Promise.all([
    probe(paths.recogniser, loadRecogniser),
    probe(paths.synthesiser, { type: 'load' }),
  ]);
  return { recogniser, synthesiser };
}

async function probe(childPath: string, loadMessage: object): Promise<PartAvailability> {
  let child: SupervisedProcess<object, object> | undefined;
  try {
    return await new Promise<PartAvailability>((resolve) => {
      child = new SupervisedProcess<object, object>({
        childPath,
        loadMessage,
        onReady: () => resolve({ available: true }),
        onMessage: () => undefined,
        onLost: () => undefined,
        onGivenUp: (reason, remedy) => resolve({ available: false, reason, remedy }),
      });
    });
  } finally {
    await child?.close();
  }
}
