import { isObject, parseObject, type JsonObject } from '../../server/json';
import { detail, validationError, type ErrorAnswer } from '../elevenlabs-errors';
import { DEFAULT_DIALOGUE_MODEL_ID } from '../model-catalogue';
import {
  commonProblem,
  completed,
  readModel,
  type RequestContext,
  type SpeechRequest,
  type SpokenLine,
  stabilityAnswer,
} from '../speech-request';
import { embeddedVoiceFor } from '../voice-catalogue';

/** The longest neighbouring text. */
const MOST_CONTEXT_CHARACTERS = 100;

/** The dialogue request in a query and body, or the vendor's answer to what is wrong with it. */
export function parseDialogueRequest(bodyText: string | undefined, context: RequestContext): SpeechRequest | ErrorAnswer {
  const body = bodyText === undefined ? undefined : parseObject(bodyText);
  if (!body) return validationError('body', 'JSON decode error', 'json_invalid');
  const inputs = readInputs(body['inputs']);
  if ('status' in inputs) return inputs;
  const tooLong = ['previous_text', 'future_text'].find((field) => String(body[field] ?? '').length > MOST_CONTEXT_CHARACTERS);
  if (tooLong !== undefined) {
    const message = `ensure this value has at most ${MOST_CONTEXT_CHARACTERS} characters`;
    return validationError(tooLong, message, 'value_error.any_str.max_length');
  }
  const model = readModel(body, DEFAULT_DIALOGUE_MODEL_ID);
  if ('status' in model) return model;
  if (model.dialogueVoices === 0) return detail(400, 'unsupported_model', `Model ${model.id} does not speak dialogue.`);
  const voiceIds = new Set(inputs.map(({ voiceId }) => voiceId));
  if (voiceIds.size > model.dialogueVoices) {
    return detail(
      400,
      'too_many_voices',
      `Model ${model.id} takes at most ${model.dialogueVoices} voices, the dialogue has ${voiceIds.size}.`,
    );
  }
  const lines = withVoices(inputs);
  if ('status' in lines) return lines;
  const length = lines.reduce((sum, { text }) => sum + text.length, 0);
  if (lines.every(({ text }) => text.trim() === '')) return detail(400, 'input_text_empty', 'The text is empty.');
  const problem = stabilityAnswer(model, body['settings']) ?? commonProblem(body, model, length, context);
  if (problem) return problem;
  return completed({ lines, isDialogue: true, model }, body, context);
}

type Input = Omit<SpokenLine, 'voice'>;

function readInputs(value: unknown): Input[] | ErrorAnswer {
  if (value === undefined) return validationError('inputs', 'field required', 'value_error.missing');
  if (!Array.isArray(value) || value.length === 0) return validationError('inputs', 'value is not a valid list', 'type_error.list');
  const inputs = (value as unknown[]).map(readInput);
  return inputs.every((input) => input !== undefined) ? inputs : validationError('inputs', 'field required', 'value_error.missing');
}

function readInput(value: unknown): Input | undefined {
  const { text, voice_id: voiceId }: JsonObject = isObject(value) ? value : {};
  return typeof text === 'string' && typeof voiceId === 'string' ? { text, voiceId } : undefined;
}

function withVoices(inputs: readonly Input[]): SpokenLine[] | ErrorAnswer {
  const lines: SpokenLine[] = [];
  for (const input of inputs) {
    const voice = embeddedVoiceFor(input.voiceId);
    if (voice === undefined) return detail(400, 'voice_not_found', `A voice with voice_id ${input.voiceId} was not found.`);
    lines.push({ ...input, voice });
  }
  return lines;
}
