import { Logger } from '@nestjs/common';
import {
  ElevenLabsTextToSpeech,
  type LanguageModel,
  OpenAiLanguageModel,
  SarvamSpeechToText,
  type SpeechToText,
  type TextToSpeech,
} from '@parley/providers';
import type { Settings, VendorSettings } from '../config/settings';
import { providerLog } from './provider-log';

const SARVAM_ORIGIN = 'https://api.sarvam.ai';
const OPENAI_BASE_URL = 'https://api.openai.com/v1';
const ELEVENLABS_ORIGIN = 'https://api.elevenlabs.io';
/** Has the languages that the fast models lack, and takes longer to begin. Servers that only speak the vendor's protocol are not expected to have it. */
const FURTHER_VOICE_MODELS = ['eleven_v3'];
/** Servers that speak a vendor's protocol without asking for a key still get a header. */
export const NO_KEY = 'not-needed';

/**
 * How long the built-in recogniser may take over a final. It hears as fast as this machine lets it: babble takes up two thirds of a core, and
 * falls behind on a busy one. To give up and say it all again costs it more than to wait. Below the time of a stage, and what it takes itself.
 */
const SIMULATED_FINAL_TIMEOUT_MS = 8_000;
/** The built-in voice shares this machine with everything else, too. */
const SIMULATED_AUDIO_TIMEOUT_MS = 5_000;

/** What an adapter is made with beside where its vendor is. */
interface AdapterOptions {
  simulated?: boolean;
}

/** Sarvam, or a server that speaks its protocol. Without an address, the vendor's own. */
export const sarvam = (
  { apiKey, baseUrl }: VendorSettings,
  { simulated = false, ...options }: AdapterOptions & { legacyOnly?: boolean } = {},
): SpeechToText =>
  new SarvamSpeechToText({
    apiKey: apiKey ?? NO_KEY,
    baseUrl: baseUrl ?? SARVAM_ORIGIN,
    simulated,
    logger: providerLog(new Logger('Sarvam')),
    ...(simulated && { finalTimeoutMs: SIMULATED_FINAL_TIMEOUT_MS }),
    ...options,
  });

/** The simulated Sarvam of this server. */
export const simulatedSarvam = (baseUrl: string): SpeechToText => sarvam({ apiKey: NO_KEY, baseUrl }, { simulated: true });

/** OpenAI, or a server that speaks its protocol. */
export const openAi = (
  { apiKey, baseUrl, models, maxTokens }: Settings['openai'],
  { simulated = false, ...options }: AdapterOptions & { name?: string; firstTokenTimeoutMs?: number } = {},
): LanguageModel =>
  new OpenAiLanguageModel({
    apiKey: apiKey ?? NO_KEY,
    baseURL: baseUrl ?? OPENAI_BASE_URL,
    models,
    maxTokens,
    simulated,
    logger: providerLog(new Logger(options.name ?? 'OpenAI')),
    ...options,
  });

/** ElevenLabs, or a server that speaks its protocol. */
export const elevenLabs = (
  { apiKey, baseUrl, voiceId, modelId }: Settings['elevenLabs'],
  { simulated = false, ...options }: AdapterOptions & { httpOnly?: boolean } = {},
): TextToSpeech =>
  new ElevenLabsTextToSpeech({
    apiKey: apiKey ?? NO_KEY,
    baseUrl: baseUrl ?? ELEVENLABS_ORIGIN,
    voiceId,
    modelId,
    ...((simulated || baseUrl === undefined) && { furtherModelIds: FURTHER_VOICE_MODELS }),
    simulated,
    logger: providerLog(new Logger('ElevenLabs')),
    ...(simulated && { firstAudioTimeoutMs: SIMULATED_AUDIO_TIMEOUT_MS, gapTimeoutMs: SIMULATED_AUDIO_TIMEOUT_MS }),
    ...options,
  });
