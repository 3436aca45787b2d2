import { Logger } from '@nestjs/common';
import { ELEVENLABS_ORIGIN, ELEVENLABS_PROVIDER, ElevenLabsNarration, NO_KEY, type NarrationProvider, valuesOf } from '@parley/providers';
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
  const values = valuesOf(ELEVENLABS_PROVIDER.variables, settings.providers);
  const logger = providerLog(new Logger('ElevenLabs narration'));
  if (ELEVENLABS_PROVIDER.isConfigured(values)) {
    const { apiKey = NO_KEY, baseUrl = ELEVENLABS_ORIGIN } = values;
    return { port: new ElevenLabsNarration({ apiKey, baseUrl, simulated: false, logger }), available: true };
  }
  const port = new OnDemandNarration({
    info: { name: ELEVENLABS_PROVIDER.name, simulated: true },
    make: async () => {
      const { urls } = await simulator.start();
      return new ElevenLabsNarration({ apiKey: NO_KEY, baseUrl: urls.elevenLabs, simulated: true, logger });
    },
  });
  const condition = simulator.running?.speech.synthesiser ?? { available: true };
  return { port, available: condition.available, detail: describeSimulated('tts', condition) };
}
