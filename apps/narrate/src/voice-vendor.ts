import {
  configuredNarration,
  ELEVENLABS_PROVIDER,
  type NarrationProvider,
  type ProviderLogger,
  SILENT_LOGGER,
  simulatedNarration,
  valuesOf,
} from '@parley/providers';
import { LATENCY_PROFILES, ScriptedRecogniser, startSimulator, SynthesiserPool } from '@parley/simulator';
import { join } from 'node:path';

/** Who speaks. The caller must close it. */
export interface VoiceVendor {
  provider: NarrationProvider;
  defaultVoiceId: string;
  close(): Promise<void>;
}

/** The demo has no account, and sends speech as fast as it is made. */
const DEMO_LIMITS = { elevenLabsConcurrency: Infinity, elevenLabsSpeed: Infinity };
const SYNTHESISERS = 2;

/**
 * ElevenLabs if the environment has a key or an address for it, else the built-in simulator in this process. `programs` is the folder with the
 * program of the simulator's synthesiser. Throws in plain words if neither can speak.
 */
export async function openVoiceVendor(environment: Readonly<Record<string, string | undefined>>, programs: string): Promise<VoiceVendor> {
  const { voiceId: defaultVoiceId } = valuesOf(ELEVENLABS_PROVIDER.variables, environment);
  const configured = configuredNarration(environment, silent);
  if (configured) return { provider: configured, defaultVoiceId, close: () => configured.close() };
  const synthesiser = new SynthesiserPool({ childPath: join(programs, 'synthesiser-child.js'), size: SYNTHESISERS });
  try {
    await synthesiser.ready;
    const simulator = await startSimulator({
      recogniser: new ScriptedRecogniser({ texts: [] }),
      synthesiser,
      latency: LATENCY_PROFILES.fast,
      limits: DEMO_LIMITS,
    });
    const provider = simulatedNarration(simulator.urls.elevenLabs, silent);
    const close = async (): Promise<void> => {
      await provider.close();
      await simulator.close();
      await synthesiser.close();
    };
    return { provider, defaultVoiceId, close };
  } catch (error) {
    await synthesiser.close();
    throw error;
  }
}

/** The terminal shows the progress, and failures in the words of the command. */
const silent = (): ProviderLogger => SILENT_LOGGER;
