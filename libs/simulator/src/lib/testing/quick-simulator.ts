import type { SimulatorOptions } from '../simulator';
import { ScriptedRecogniser, ToneSynthesiser } from '../speech';
import { startSimulator, type Simulator } from '../start-simulator';

/** A simulator with scripted speech and short delays, for specs. */
export interface QuickSimulator extends Simulator {
  readonly recogniser: ScriptedRecogniser;
}

export async function startQuickSimulator(
  options: Partial<SimulatorOptions> & { texts?: readonly string[] } = {},
): Promise<QuickSimulator> {
  const recogniser = new ScriptedRecogniser({ texts: options.texts });
  const simulator = await startSimulator({
    synthesiser: new ToneSynthesiser(),
    ...options,
    recogniser,
    limits: { elevenLabsSpeed: 60, ...options.limits },
    latency: { sttFinalMs: 10, llmFirstTokenMs: 5, llmTokenGapMs: 1, ttsFirstChunkMs: 5, ...options.latency },
  });
  return { ...simulator, recogniser };
}
