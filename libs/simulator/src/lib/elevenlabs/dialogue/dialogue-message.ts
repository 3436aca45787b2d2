import { isObject, parseObject, type JsonObject } from '../../server/json';
import type { SocketFailure } from '../../server/socket-link';
import { socketFailure } from '../elevenlabs-errors';

/** A piece of text for one voice. */
export interface DialogueInput {
  text: string;
  /** The vendor's id. */
  voiceId: string;
  /** Whether the text before it is complete. */
  newTurn: boolean;
}

/** A validated message to one of the dialogue sockets. */
export interface DialogueMessage {
  contextId: string | undefined;
  inputs: readonly DialogueInput[];
  flush: boolean;
  closeContext: boolean;
  closeSocket: boolean;
  /** Undefined when the message does not have the field, as only first messages may. */
  voices: readonly string[] | undefined;
  voiceSettings: JsonObject | undefined;
  locators: unknown;
  key: string | undefined;
}

const STRINGS = ['context_id', 'xi_api_key', 'authorization', 'single_use_token'];
const BOOLEANS = ['flush', 'keep_alive', 'close_context', 'close_socket'];

/** The message, or the failure that ends the whole socket. */
export function parseDialogueMessage(text: string): DialogueMessage | SocketFailure {
  const message = parseObject(text);
  if (!message) return invalid('The message is not a JSON object.');
  const has = (name: string): boolean => message[name] !== undefined && message[name] !== null;
  const wrong =
    STRINGS.find((name) => has(name) && typeof message[name] !== 'string') ??
    BOOLEANS.find((name) => has(name) && typeof message[name] !== 'boolean') ??
    (has('voice_settings') && !isObject(message['voice_settings']) ? 'voice_settings' : undefined);
  if (wrong !== undefined) return invalid(`The field ${wrong} has the wrong type.`, wrong);
  if (![...BOOLEANS, 'inputs', 'voices'].some(has)) return invalid('The message asks for nothing.');
  const inputs = has('inputs') ? readInputs(message['inputs']) : [];
  if (!inputs) return invalid('inputs must be a list of objects with text and voice_id.', 'inputs');
  const voices = has('voices') ? readVoices(message['voices']) : undefined;
  if (voices === null) return invalid('voices must be a list of voice ids.', 'voices');
  const string = (name: string): string | undefined => (typeof message[name] === 'string' ? message[name] : undefined);
  return {
    contextId: string('context_id'),
    inputs,
    flush: message['flush'] === true,
    closeContext: message['close_context'] === true,
    closeSocket: message['close_socket'] === true,
    voices,
    voiceSettings: isObject(message['voice_settings']) ? message['voice_settings'] : undefined,
    locators: message['pronunciation_dictionary_locators'] ?? undefined,
    key: string('xi_api_key') ?? string('authorization')?.replace(/^Bearer /i, ''),
  };
}

function readInputs(value: unknown): DialogueInput[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const inputs = (value as unknown[]).map((input) => {
    if (!isObject(input)) return undefined;
    const { text, voice_id: voiceId, new_turn: newTurn } = input;
    return typeof text === 'string' && typeof voiceId === 'string' ? { text, voiceId, newTurn: newTurn === true } : undefined;
  });
  return inputs.every((input) => input !== undefined) ? inputs : undefined;
}

function readVoices(value: unknown): string[] | null {
  return Array.isArray(value) && value.every((voice): voice is string => typeof voice === 'string') ? value : null;
}

function invalid(message: string, param?: string): SocketFailure {
  return socketFailure('invalid_input_message', message, 1008, param);
}
