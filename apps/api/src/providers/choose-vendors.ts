import { Logger } from '@nestjs/common';
import {
  findLocalModelServer,
  type LanguageModel,
  loadLocalModel,
  type LocalModelProbeOptions,
  type SpeechToText,
  type TextToSpeech,
} from '@parley/providers';
import type { Settings, VendorSettings } from '../config/settings';
import { elevenLabs, NO_KEY, openAi, sarvam, simulatedSarvam } from './adapters';
import type { EmbeddedSimulator, RunningSimulator } from './embedded-simulator';
import { fallbackProviders } from './fallback-providers';
import { type Failover, withFallbacks } from './with-fallbacks';
import type { StageVendor, Vendors } from './vendors';

const isConfigured = ({ apiKey, baseUrl }: VendorSettings): boolean => apiKey !== undefined || baseUrl !== undefined;

/**
 * Decides who answers for each stage: the vendor where there is a key or an address, a model on this machine, or the simulator; and who
 * stands behind them. The simulator is started when a stage needs it.
 */
export async function chooseVendors(
  settings: Settings,
  simulator: Pick<EmbeddedSimulator, 'start'>,
  failover: Failover,
  localModels: LocalModelProbeOptions = {},
): Promise<Vendors> {
  const localModel = isConfigured(settings.openai) ? undefined : await findLocalModel(settings, localModels);
  const configured = {
    stt: isConfigured(settings.sarvam),
    llm: isConfigured(settings.openai) || localModel !== undefined,
    tts: isConfigured(settings.elevenLabs),
  };
  const isOwn = configured.stt && configured.llm && configured.tts;
  const isFallback = Object.values(settings.fallbacks).some(({ entries }) => entries.some(({ provider }) => provider === 'simulated'));
  const simulated = isOwn && !isFallback ? undefined : await simulator.start();
  const chosen: Vendors = {
    stt: configured.stt || !simulated ? { port: sarvam(settings.sarvam), available: true } : simulatedStt(simulated),
    llm:
      localModel ?? (configured.llm || !simulated ? { port: openAi(settings.openai), available: true } : simulatedLlm(settings, simulated)),
    tts: configured.tts || !simulated ? { port: elevenLabs(settings.elevenLabs), available: true } : simulatedTts(settings, simulated),
  };
  return withFallbacks(chosen, fallbackProviders(settings, simulated, chosen), settings.turns.stallTimeoutMs, failover);
}

async function findLocalModel(settings: Settings, localModels: LocalModelProbeOptions): Promise<StageVendor<LanguageModel> | undefined> {
  if (!settings.localModelProbe) return undefined;
  const server = await findLocalModelServer(AbortSignal.timeout(2_000), localModels);
  if (server === undefined) return undefined;
  const { name, baseURL, model } = server;
  new Logger('Vendors').log({ message: 'a language model server on this machine is used', name, model });
  void loadLocalModel(server, AbortSignal.timeout(120_000), localModels);
  // The first request may have to load the model.
  const port = openAi({ ...settings.openai, apiKey: NO_KEY, baseUrl: baseURL, models: [model] }, { name, firstTokenTimeoutMs: 12_000 });
  return { port, available: true, detail: `The model ${model} on this machine answers.` };
}

function simulatedStt({ urls, speech }: RunningSimulator): StageVendor<SpeechToText> {
  const port = simulatedSarvam(urls.sarvam);
  if (!speech.recogniser.available) {
    const { reason, remedy } = speech.recogniser;
    return { port, available: false, detail: `${reason} To hear you, the server needs: ${remedy}. Typed messages work.` };
  }
  return { port, available: true, detail: 'Built-in demo recognition of simple English. Set SARVAM_API_KEY for real recognition.' };
}

const simulatedLlm = (settings: Settings, { urls }: RunningSimulator): StageVendor<LanguageModel> => ({
  port: openAi({ ...settings.openai, apiKey: NO_KEY, baseUrl: urls.openai }, { simulated: true }),
  available: true,
  detail: 'A small built-in demo answers. Set OPENAI_API_KEY for a real model.',
});

function simulatedTts(settings: Settings, { urls, speech }: RunningSimulator): StageVendor<TextToSpeech> {
  const port = elevenLabs({ ...settings.elevenLabs, apiKey: NO_KEY, baseUrl: urls.elevenLabs }, { simulated: true });
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
