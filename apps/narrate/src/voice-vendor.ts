import { ELEVENLABS_ORIGIN, ELEVENLABS_PROVIDER, ElevenLabsNarration, NO_KEY, type NarrationProvider, valuesOf } from '@parley/providers';
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
  const values = valuesOf(ELEVENLABS_PROVIDER.variables, environment);
  const { voiceId: defaultVoiceId } = values;
  if (ELEVENLABS_PROVIDER.isConfigured(values)) {
    const { apiKey = NO_KEY, baseUrl = ELEVENLABS_ORIGIN } = values;
    const provider = new ElevenLabsNarration({ apiKey, baseUrl, simulated: false });
    return { provider, defaultVoiceId, close: () => provider.close() };
  }
  const synthesiser = new SynthesiserPool({ childPath: join(programs, 'synthesiser-child.js'), size: SYNTHESISERS });
  try {
    await synthesiser.ready;
    const simulator = await startSimulator({
      recogniser: new ScriptedRecogniser({ texts: [] }),
      synthesiser,
      latency: LATENCY_PROFILES.fast,
      limits: DEMO_LIMITS,
    });
    const provider = new ElevenLabsNarration({ apiKey: NO_KEY, baseUrl: simulator.urls.elevenLabs, simulated: true });
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
