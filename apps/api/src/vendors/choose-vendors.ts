import { Logger } from '@nestjs/common';
import {
  ElevenLabsTextToSpeech,
  findLocalModelServer,
  type LanguageModel,
  loadLocalModel,
  type LocalModelProbeOptions,
  OpenAiLanguageModel,
  SarvamSpeechToText,
  type SpeechToText,
  type TextToSpeech,
} from '@parley/providers';
import type { Settings, VendorSettings } from '../config/settings';
import type { EmbeddedSimulator, RunningSimulator } from './embedded-simulator';
import { providerLog } from './provider-log';
import type { StageVendor, Vendors } from './vendors';

const SARVAM_ORIGIN = 'https://api.sarvam.ai';
const OPENAI_BASE_URL = 'https://api.openai.com/v1';
const ELEVENLABS_ORIGIN = 'https://api.elevenlabs.io';
/** Servers that speak a vendor's protocol without asking for a key still get a header. */
const NO_KEY = 'not-needed';

const isConfigured = ({ apiKey, baseUrl }: VendorSettings): boolean => apiKey !== undefined || baseUrl !== undefined;

/**
 * Decides who answers for each stage: the vendor where there is a key or an address, a model on this machine, or the simulator, which is
 * started when a stage needs it.
 */
export async function chooseVendors(
  settings: Settings,
  simulator: Pick<EmbeddedSimulator, 'start'>,
  localModels: LocalModelProbeOptions = {},
): Promise<Vendors> {
  const localModel = isConfigured(settings.openai) ? undefined : await findLocalModel(settings, localModels);
  const configured = {
    stt: isConfigured(settings.sarvam),
    llm: isConfigured(settings.openai) || localModel !== undefined,
    tts: isConfigured(settings.elevenLabs),
  };
  const simulated = configured.stt && configured.llm && configured.tts ? undefined : await simulator.start();
  return {
    stt: configured.stt || !simulated ? { port: sarvam(settings.sarvam, SARVAM_ORIGIN, false), available: true } : simulatedStt(simulated),
    llm:
      localModel ??
      (configured.llm || !simulated
        ? { port: openAi(settings, OPENAI_BASE_URL, false), available: true }
        : simulatedLlm(settings, simulated)),
    tts:
      configured.tts || !simulated
        ? { port: elevenLabs(settings, ELEVENLABS_ORIGIN, false), available: true }
        : simulatedTts(settings, simulated),
  };
}

async function findLocalModel(settings: Settings, localModels: LocalModelProbeOptions): Promise<StageVendor<LanguageModel> | undefined> {
  if (!settings.localModelProbe) return undefined;
  const server = await findLocalModelServer(AbortSignal.timeout(2_000), localModels);
  if (server === undefined) return undefined;
  const { name, baseURL, model } = server;
  new Logger('Vendors').log({ message: 'a language model server on this machine is used', name, model });
  void loadLocalModel(server, AbortSignal.timeout(120_000), localModels);
  const port = new OpenAiLanguageModel({
    name,
    baseURL,
    apiKey: NO_KEY,
    models: [model],
    simulated: false,
    // The first request may have to load the model.
    firstTokenTimeoutMs: 12_000,
    logger: providerLog(new Logger(name)),
  });
  return { port, available: true, detail: `The model ${model} on this machine answers.` };
}

function simulatedStt({ urls, speech }: RunningSimulator): StageVendor<SpeechToText> {
  const port = sarvam({ apiKey: NO_KEY, baseUrl: urls.sarvam }, urls.sarvam, true);
  if (!speech.recogniser.available) {
    const { reason, remedy } = speech.recogniser;
    return { port, available: false, detail: `${reason} To hear you, the server needs: ${remedy}. Typed messages work.` };
  }
  return { port, available: true, detail: 'Built-in demo recognition of simple English. Set SARVAM_API_KEY for real recognition.' };
}

const simulatedLlm = (settings: Settings, { urls }: RunningSimulator): StageVendor<LanguageModel> => ({
  port: openAi({ ...settings, openai: { ...settings.openai, apiKey: NO_KEY, baseUrl: urls.openai } }, urls.openai, true),
  available: true,
  detail: 'A small built-in demo answers. Set OPENAI_API_KEY for a real model.',
});

function simulatedTts(settings: Settings, { urls, speech }: RunningSimulator): StageVendor<TextToSpeech> {
  const port = elevenLabs(
    { ...settings, elevenLabs: { ...settings.elevenLabs, apiKey: NO_KEY, baseUrl: urls.elevenLabs } },
    urls.elevenLabs,
    true,
  );
  if (!speech.synthesiser.available) {
    const { reason, remedy } = speech.synthesiser;
    return {
      port,
      available: false,
      detail: `${reason} For a voice of its own, the server needs: ${remedy}. The browser's voice is used.`,
    };
  }
  return { port, available: true, detail: 'Built-in demo voice. Set ELEVENLABS_API_KEY for a natural one.' };
}

const sarvam = ({ apiKey, baseUrl }: VendorSettings, origin: string, simulated: boolean): SpeechToText =>
  new SarvamSpeechToText({ apiKey: apiKey ?? NO_KEY, baseUrl: baseUrl ?? origin, simulated, logger: providerLog(new Logger('Sarvam')) });

const openAi = ({ openai }: Settings, baseUrl: string, simulated: boolean): LanguageModel =>
  new OpenAiLanguageModel({
    apiKey: openai.apiKey ?? NO_KEY,
    baseURL: openai.baseUrl ?? baseUrl,
    models: openai.models,
    maxTokens: openai.maxTokens,
    simulated,
    logger: providerLog(new Logger('OpenAI')),
  });

const elevenLabs = ({ elevenLabs: { apiKey, baseUrl, voiceId, modelId } }: Settings, origin: string, simulated: boolean): TextToSpeech =>
  new ElevenLabsTextToSpeech({
    apiKey: apiKey ?? NO_KEY,
    baseUrl: baseUrl ?? origin,
    voiceId,
    modelId,
    simulated,
    logger: providerLog(new Logger('ElevenLabs')),
  });
