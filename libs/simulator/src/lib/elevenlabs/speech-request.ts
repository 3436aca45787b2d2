import { parseObject } from '../server/json';
import { detail, validationError, type ErrorAnswer } from './elevenlabs-errors';
import { DEFAULT_MODEL_ID, findSpeechModel, languageProblem, type SpeechModel } from './model-catalogue';
import { describeFormatProblem, parseOutputFormat, type OutputFormat } from './output-format';
import { embeddedVoiceFor } from './voice-catalogue';

/** A validated HTTP speech request. */
export interface SpeechRequest {
  text: string;
  /** The embedded voice. */
  voice: string;
  model: SpeechModel;
  format: OutputFormat;
}

const MOST_STITCHED = 3;

/** The request in a path, query and body, or the vendor's answer to what is wrong with it. `knownRequestIds`: those that can be stitched to. */
export function parseSpeechRequest(
  voiceId: string,
  query: URLSearchParams,
  bodyText: string | undefined,
  knownRequestIds: ReadonlySet<string>,
): SpeechRequest | ErrorAnswer {
  const body = bodyText === undefined ? undefined : parseObject(bodyText);
  if (!body) return validationError('body', 'JSON decode error', 'json_invalid');
  const { text } = body;
  if (text === undefined) return validationError('text', 'field required', 'value_error.missing');
  if (typeof text !== 'string') return validationError('text', 'str type expected', 'type_error.str');
  if (text.trim() === '') return detail(400, 'input_text_empty', 'The text is empty.');
  const voice = embeddedVoiceFor(voiceId);
  if (voice === undefined) return detail(400, 'voice_not_found', `A voice with voice_id ${voiceId} was not found.`);
  const modelId = body['model_id'] ?? DEFAULT_MODEL_ID;
  const model = typeof modelId === 'string' ? findSpeechModel(modelId) : undefined;
  if (!model) return detail(400, 'model_not_found', `A model with model_id ${String(modelId)} does not exist.`);
  if (text.length > model.maxCharacters) {
    return detail(400, 'max_character_limit_exceeded', `The text has ${text.length} characters, the model takes ${model.maxCharacters}.`);
  }
  const language = body['language_code'];
  const problem = languageProblem(model, typeof language === 'string' ? language : undefined);
  if (problem !== undefined) return detail(400, 'unsupported_language', problem);
  const previous = body['previous_request_ids'];
  if (Array.isArray(previous)) {
    if (previous.length > MOST_STITCHED)
      return detail(400, 'invalid_previous_request_ids', `At most ${MOST_STITCHED} previous_request_ids are allowed.`);
    const unknown = (previous as unknown[]).find((id) => typeof id !== 'string' || !knownRequestIds.has(id));
    if (unknown !== undefined)
      return detail(400, 'invalid_previous_request_ids', `Request ${String(unknown)} was not found or is not complete.`);
  }
  const formatName = query.get('output_format') ?? 'mp3_44100_128';
  const format = parseOutputFormat(formatName);
  if (typeof format === 'string') {
    const { httpStatus, status, message } = describeFormatProblem(formatName, format);
    return detail(httpStatus, status, message);
  }
  return { text, voice, model, format };
}
