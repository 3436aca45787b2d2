import type { Stage } from '@parley/conversation';
import type { FailoverProvider, LanguageModel, SpeechToText, TextToSpeech } from '@parley/providers';
import type { FallbackEntry } from '../config/fallback-list';
import type { Settings, VendorSettings } from '../config/settings';
import { elevenLabs, NO_KEY, openAi, sarvam, simulatedSarvam } from './adapters';
import type { RunningSimulator } from './embedded-simulator';
import type { Vendors } from './vendors';

/** What the simulator has, whatever the vendor that it stands in for is asked for. */
const SIMULATED_VOICE = '21m00Tcm4TlvDq8ikWAM';
const SIMULATED_VOICE_MODEL = 'eleven_flash_v2_5';
const SIMULATED_MODEL = 'gpt-6-luna';

/**
 * The providers that stand behind those chosen. A simulated one is left out where the simulator does not run, lacks what it needs, or is
 * what stands before it.
 */
export const fallbackProviders = (settings: Settings, simulator: RunningSimulator | undefined, chosen: Vendors) => ({
  stt: providersOf(settings, 'stt', chosen, (entry) => recogniser(settings, entry, simulator)),
  llm: providersOf(settings, 'llm', chosen, (entry) => languageModel(settings, entry, simulator)),
  tts: providersOf(settings, 'tts', chosen, (entry) => voice(settings, entry, simulator)),
});

function providersOf<S extends Stage>(
  settings: Settings,
  stage: S,
  chosen: Vendors,
  make: (entry: FallbackEntry) => Vendors[S]['port'] | undefined,
): FailoverProvider<Vendors[S]['port']>[] {
  const { simulated } = chosen[stage].port.info;
  return settings.fallbacks[stage].entries.flatMap((entry) => {
    const port = simulated && entry.provider === 'simulated' ? undefined : make(entry);
    return port === undefined ? [] : [{ name: entry.name, port }];
  });
}

/** Where an entry is reached. A key is for the host that it was given for: it goes nowhere else. */
const access = (own: VendorSettings, { address }: FallbackEntry, apiKey: string | undefined): VendorSettings =>
  address === undefined ? { apiKey: own.apiKey, baseUrl: own.baseUrl } : { apiKey, baseUrl: address };

function recogniser({ sarvam: own, fallbacks }: Settings, entry: FallbackEntry, simulator?: RunningSimulator): SpeechToText | undefined {
  if (entry.provider !== 'simulated') {
    return sarvam(access(own, entry, fallbacks.stt.apiKey), { legacyOnly: entry.provider === 'sarvam-legacy' });
  }
  if (!simulator?.speech.recogniser.available) return undefined;
  return simulatedSarvam(simulator.urls.sarvam);
}

function languageModel(
  { openai: own, fallbacks }: Settings,
  entry: FallbackEntry,
  simulator?: RunningSimulator,
): LanguageModel | undefined {
  if (entry.provider !== 'simulated') {
    const models = entry.model === undefined ? own.models : [entry.model];
    return openAi({ ...own, ...access(own, entry, fallbacks.llm.apiKey), models });
  }
  if (simulator === undefined) return undefined;
  return openAi({ ...own, apiKey: NO_KEY, baseUrl: simulator.urls.openai, models: [SIMULATED_MODEL] }, { simulated: true });
}

function voice({ elevenLabs: own, fallbacks }: Settings, entry: FallbackEntry, simulator?: RunningSimulator): TextToSpeech | undefined {
  if (entry.provider !== 'simulated') {
    const modelId = entry.model ?? own.modelId;
    return elevenLabs({ ...own, ...access(own, entry, fallbacks.tts.apiKey), modelId }, { httpOnly: entry.provider === 'elevenlabs-http' });
  }
  if (!simulator?.speech.synthesiser.available) return undefined;
  const simulated = { apiKey: NO_KEY, baseUrl: simulator.urls.elevenLabs, voiceId: SIMULATED_VOICE, modelId: SIMULATED_VOICE_MODEL };
  return withOwnVoice(elevenLabs(simulated, { simulated: true }));
}

/** A voice that cannot take on the one that a client asked for. */
const withOwnVoice = (port: TextToSpeech): TextToSpeech => ({
  info: port.info,
  open: ({ sampleRateHz, language }, signal) => port.open({ sampleRateHz, ...(language !== undefined && { language }) }, signal),
  voices: (signal) => port.voices(signal),
  prepare: () => port.prepare(),
});
