import { Logger } from '@nestjs/common';
import {
  configuredNarration,
  ELEVENLABS_PROVIDER,
  type NarrationProvider,
  type ProviderLogger,
  simulatedNarration,
} from '@parley/providers';
import type { Settings } from '../config/settings';
import type { EmbeddedSimulator } from './embedded-simulator';
import { providerLog } from './provider-log';
import { OnDemandNarration } from './on-demand-narration';
import { describeSimulated } from './simulated-providers';
import type { StageProvider } from './stage-providers';

/** Chooses who speaks narrations: the configured vendor of the voice, or the simulator, which is started when it is needed. */
export function chooseNarration(
  settings: Pick<Settings, 'providers'>,
  simulator: Pick<EmbeddedSimulator, 'start' | 'running'>,
): StageProvider<NarrationProvider> {
  const configured = configuredNarration(settings.providers, loggerOf);
  if (configured) return { port: configured, available: true };
  const port = new OnDemandNarration({
    info: { name: ELEVENLABS_PROVIDER.name, simulated: true },
    make: async () => simulatedNarration((await simulator.start()).urls.elevenLabs, loggerOf),
  });
  const condition = simulator.running?.speech.synthesiser ?? { available: true };
  return { port, available: condition.available, detail: describeSimulated('tts', condition) };
}

const loggerOf = (label: string): ProviderLogger => providerLog(new Logger(`${label} narration`));
