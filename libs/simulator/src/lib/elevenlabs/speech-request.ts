import { isObject, type JsonObject, parseObject } from '../server/json';
import { detail, validationError, type ErrorAnswer } from './elevenlabs-errors';
import { DEFAULT_MODEL_ID, findSpeechModel, languageProblem, type SpeechModel } from './model-catalogue';
import { describeFormatProblem, parseOutputFormat, type OutputFormat } from './output-format';
import type { PronunciationDictionaries } from './pronunciation/pronunciation-dictionaries';
import type { PronunciationRule } from './pronunciation/pronunciation-rule';
import { stabilityProblem } from './stability';
import { embeddedVoiceFor } from './voice-catalogue';
import { speedOf, voiceSettingsProblem } from './voice-settings';

/** A text and who speaks it. */
export interface SpokenLine {
  text: string;
  /** The vendor's id. */
  voiceId: string;
  /** The embedded voice. */
  voice: string;
}

/** A validated HTTP request for speech: one line, or the lines of a dialogue. */
export interface SpeechRequest {
  lines: readonly SpokenLine[];
  isDialogue: boolean;
  model: SpeechModel;
  format: OutputFormat;
  /** 1 is normal. */
  speed: number;
  /** The text around it, which is not spoken. */
  previousText?: string;
  nextText?: string;
  seed?: number;
  /** How words are to be pronounced. */
  rules: readonly PronunciationRule[];
}

/** What requests are checked against. */
export interface RequestContext {
  query: URLSearchParams;
  /** Ids of complete requests, which can be stitched to. */
  requestIds: ReadonlySet<string>;
  dictionaries: PronunciationDictionaries;
}

const MOST_STITCHED = 3;
const LARGEST_SEED = 4_294_967_295;

/** The text-to-speech request in a path, query and body, or the vendor's answer to what is wrong with it. */
export function parseSpeechRequest(voiceId: string, bodyText: string | undefined, context: RequestContext): SpeechRequest | ErrorAnswer {
  const body = bodyText === undefined ? undefined : parseObject(bodyText);
  if (!body) return validationError('body', 'JSON decode error', 'json_invalid');
  const { text } = body;
  if (text === undefined) return validationError('text', 'field required', 'value_error.missing');
  if (typeof text !== 'string') return validationError('text', 'str type expected', 'type_error.str');
  if (text.trim() === '') return detail(400, 'input_text_empty', 'The text is empty.');
  const voice = embeddedVoiceFor(voiceId);
  if (voice === undefined) return detail(400, 'voice_not_found', `A voice with voice_id ${voiceId} was not found.`);
  const model = readModel(body, DEFAULT_MODEL_ID);
  if ('status' in model) return model;
  const settings = body['voice_settings'];
  const problem =
    contextProblem(model, body) ??
    stabilityAnswer(model, settings) ??
    settingsAnswer(settings) ??
    commonProblem(body, model, text.length, context);
  if (problem) return problem;
  return completed({ lines: [{ text, voiceId, voice }], isDialogue: false, model }, body, context);
}

export function readModel(body: JsonObject, defaultId: string): SpeechModel | ErrorAnswer {
  const modelId = body['model_id'] ?? defaultId;
  const model = typeof modelId === 'string' ? findSpeechModel(modelId) : undefined;
  return model ?? detail(400, 'model_not_found', `A model with model_id ${String(modelId)} does not exist.`);
}

/** Adds the output format and the rules of the pronunciation dictionaries to a request. */
export function completed(
  request: Omit<SpeechRequest, 'format' | 'rules' | 'speed'>,
  body: JsonObject,
  { query, dictionaries }: RequestContext,
): SpeechRequest | ErrorAnswer {
  const rules = dictionaries.rulesOf(body['pronunciation_dictionary_locators']);
  if ('status' in rules) return detail(400, rules.status, rules.message);
  const format = readFormat(query);
  if ('status' in format) return format;
  const previous = body['previous_text'];
  const next = body['next_text'] ?? body['future_text'];
  const seed = body['seed'] ?? undefined;
  if (seed !== undefined && !isSeed(seed)) return validationError('seed', 'value is not a valid seed', 'type_error.integer');
  return {
    ...request,
    format,
    rules,
    speed: speedOf(body['voice_settings']),
    ...(typeof previous === 'string' && { previousText: previous }),
    ...(typeof next === 'string' && { nextText: next }),
    ...(seed !== undefined && { seed }),
  };
}

function readFormat(query: URLSearchParams): OutputFormat | ErrorAnswer {
  const name = query.get('output_format') ?? 'mp3_44100_128';
  const format = parseOutputFormat(name);
  if (typeof format !== 'string') return format;
  const { httpStatus, status, message } = describeFormatProblem(name, format);
  return detail(httpStatus, status, message);
}

/** What is wrong with the length of the text, the language or the requests to stitch to. */
export function commonProblem(
  body: JsonObject,
  model: SpeechModel,
  length: number,
  { requestIds }: RequestContext,
): ErrorAnswer | undefined {
  if (length > model.maxCharacters) {
    return detail(400, 'max_character_limit_exceeded', `The text has ${length} characters, the model takes ${model.maxCharacters}.`);
  }
  const language = body['language_code'];
  const problem = languageProblem(model, typeof language === 'string' ? language : undefined);
  if (problem !== undefined) return detail(400, 'unsupported_language', problem);
  return stitchingProblem('previous_request_ids', body, requestIds) ?? stitchingProblem('next_request_ids', body, requestIds);
}

/** The answer to a stability that the model does not take. */
export function stabilityAnswer(model: SpeechModel, settings: unknown): ErrorAnswer | undefined {
  const stability = typeof settings === 'object' && settings !== null && 'stability' in settings ? settings.stability : undefined;
  const problem = stabilityProblem(model.id, stability);
  return problem === undefined ? undefined : detail(400, 'invalid_ttd_stability', problem);
}

const isSeed = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= LARGEST_SEED;

function settingsAnswer(settings: unknown): ErrorAnswer | undefined {
  const problem = isObject(settings) ? voiceSettingsProblem(settings) : undefined;
  return problem === undefined ? undefined : detail(400, 'invalid_voice_settings', problem);
}

function stitchingProblem(field: string, body: JsonObject, requestIds: ReadonlySet<string>): ErrorAnswer | undefined {
  const ids = body[field];
  if (!Array.isArray(ids)) return undefined;
  if (ids.length > MOST_STITCHED) return detail(400, `invalid_${field}`, `At most ${MOST_STITCHED} ${field} are allowed.`);
  const unknown = (ids as unknown[]).find((id) => typeof id !== 'string' || !requestIds.has(id));
  return unknown === undefined
    ? undefined
    : detail(400, `invalid_${field}`, `Request ${String(unknown)} was not found or is not complete.`);
}

/** Text to speech takes the neighbouring text only with the models that are no dialogue models. */
function contextProblem(model: SpeechModel, body: JsonObject): ErrorAnswer | undefined {
  if (model.dialogueVoices === 0) return undefined;
  const given = ['previous_text', 'next_text', 'previous_request_ids', 'next_request_ids'].find((field) => isGiven(body[field]));
  return given === undefined ? undefined : detail(400, 'unsupported_model', `${given} is not supported with the model ${model.id}.`);
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
