import type { SocketFailure } from '../../server/socket-link';
import { socketFailure } from '../elevenlabs-errors';
import { DEFAULT_DIALOGUE_MODEL_ID, findSpeechModel, languageProblem, type SpeechModel } from '../model-catalogue';
import { describeFormatProblem, parseOutputFormat, type OutputFormat } from '../output-format';

/** The settings that a dialogue socket was opened with; they cannot change. */
export interface DialogueSettings {
  model: SpeechModel;
  format: OutputFormat;
  syncAlignment: boolean;
}

/** The settings in a dialogue socket's query, or the failure that ends it. */
export function parseDialogueSettings(query: URLSearchParams): DialogueSettings | SocketFailure {
  const modelId = query.get('model_id') ?? DEFAULT_DIALOGUE_MODEL_ID;
  const model = findSpeechModel(modelId);
  if (!model) return socketFailure('model_not_found', `A model with model_id ${modelId} does not exist.`, 1008, 'model_id');
  if (model.dialogueVoices === 0) {
    return socketFailure('unsupported_model', `Model ${modelId} does not speak dialogue; use Text to Speech.`, 1008, 'model_id');
  }
  const language = languageProblem(model, query.get('language_code') ?? undefined);
  if (language !== undefined) return socketFailure('unsupported_language', language, 1008, 'language_code');
  const formatName = query.get('output_format') ?? 'mp3_44100_128';
  const format = parseOutputFormat(formatName);
  if (typeof format === 'string') {
    const { status, message } = describeFormatProblem(formatName, format);
    return socketFailure(status, message, 1008, 'output_format');
  }
  return { model, format, syncAlignment: query.get('sync_alignment') === 'true' };
}
