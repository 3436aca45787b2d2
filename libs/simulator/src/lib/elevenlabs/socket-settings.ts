import type { SocketFailure } from '../server/socket-link';
import { socketFailure } from './elevenlabs-errors';
import { DEFAULT_MODEL_ID, findSpeechModel, languageProblem, type SpeechModel } from './model-catalogue';
import { describeFormatProblem, parseOutputFormat, type OutputFormat } from './output-format';
import { embeddedVoiceFor } from './voice-catalogue';

/** The settings that a TTS socket was opened with; they cannot change. */
export interface SocketSettings {
  /** The vendor's id. */
  voiceId: string;
  /** The embedded voice. */
  voice: string;
  model: SpeechModel;
  format: OutputFormat;
  autoMode: boolean;
  syncAlignment: boolean;
  inactivityMs: number;
}

const LONGEST_INACTIVITY_S = 180;

/** The settings in a socket's path and query, or the failure that ends it. */
export function parseSocketSettings(voiceId: string, query: URLSearchParams, defaultInactivityMs: number): SocketSettings | SocketFailure {
  const voice = embeddedVoiceFor(voiceId);
  if (voice === undefined) return socketFailure('voice_not_found', `A voice with voice_id ${voiceId} does not exist.`);
  const modelId = query.get('model_id') ?? DEFAULT_MODEL_ID;
  const model = findSpeechModel(modelId);
  if (!model) return socketFailure('model_not_found', `A model with model_id ${modelId} does not exist.`);
  if (!model.onSockets) return socketFailure('unsupported_model', `Model ${modelId} is not served on this socket; use Text to Dialogue.`);
  const language = languageProblem(model, query.get('language_code') ?? undefined);
  if (language !== undefined) return socketFailure('unsupported_language', language);
  const formatName = query.get('output_format') ?? 'mp3_44100_128';
  const format = parseOutputFormat(formatName);
  if (typeof format === 'string') {
    const { status, message } = describeFormatProblem(formatName, format);
    return socketFailure(status, message);
  }
  const inactivity = query.get('inactivity_timeout');
  const inactivitySeconds = Number(inactivity);
  if (inactivity !== null && !(inactivitySeconds > 0 && inactivitySeconds <= LONGEST_INACTIVITY_S)) {
    return socketFailure('invalid_inactivity_timeout', `inactivity_timeout must be at most ${LONGEST_INACTIVITY_S} seconds.`);
  }
  return {
    voiceId,
    voice,
    model,
    format,
    autoMode: query.get('auto_mode') === 'true',
    syncAlignment: query.get('sync_alignment') === 'true',
    inactivityMs: inactivity === null ? defaultInactivityMs : inactivitySeconds * 1000,
  };
}
