import type { SocketFailure } from '../server/socket-link';
import { isObject, parseObject, type JsonObject } from '../server/json';
import { socketFailure } from './elevenlabs-errors';
import { speedOf, voiceSettingsProblem } from './voice-settings';

/** A validated message to one of the TTS sockets. */
export interface ClientMessage {
  text: string | undefined;
  contextId: string | undefined;
  flush: boolean;
  tryTrigger: boolean;
  /** Undefined when the message does not have the field; `false` asks for nothing. */
  closeContext: boolean | undefined;
  closeSocket: boolean;
  /** As canonical JSON, so that two settings can be compared. */
  voiceSettings: string | undefined;
  /** 1 is normal. */
  speed: number;
  schedule: readonly number[] | undefined;
  /** The pronunciation dictionaries, as the client names them. */
  locators: unknown;
  /** The API key in the message, under either spelling. */
  key: string | undefined;
}

const STRINGS = ['text', 'context_id', 'xi-api-key', 'xi_api_key', 'authorization'];
const BOOLEANS = ['flush', 'try_trigger_generation', 'close_context', 'close_socket'];
const OBJECTS = ['voice_settings', 'generation_config', 'generator_config'];

/** The message, or the failure that ends the whole socket. */
export function parseClientMessage(text: string): ClientMessage | SocketFailure {
  const message = parseObject(text);
  if (!message) return invalid('The message is not a JSON object.');
  const wrong =
    wrongField(message, STRINGS, (value) => typeof value === 'string') ??
    wrongField(message, BOOLEANS, (value) => typeof value === 'boolean') ??
    wrongField(message, OBJECTS, isObject);
  if (wrong !== undefined) return invalid(`The field ${wrong} has the wrong type.`);
  if (![...BOOLEANS, 'text'].some((name) => isGiven(message[name]))) return invalid('The message asks for nothing.');
  const settings = message['voice_settings'];
  if (isObject(settings) && !Object.values(settings).every((value) => ['number', 'boolean'].includes(typeof value) || value === null)) {
    return invalid('The field voice_settings has the wrong type.');
  }
  const problem = isObject(settings) ? voiceSettingsProblem(settings) : undefined;
  if (problem !== undefined) return socketFailure('invalid_voice_settings', problem);
  const schedule = readSchedule(message);
  if (schedule === 'invalid') {
    return socketFailure('invalid_generation_config', 'chunk_length_schedule must be a list of numbers from 50 to 500.');
  }
  const string = (name: string): string | undefined => (typeof message[name] === 'string' ? message[name] : undefined);
  return {
    text: string('text'),
    contextId: string('context_id'),
    flush: message['flush'] === true,
    tryTrigger: message['try_trigger_generation'] === true,
    closeContext: typeof message['close_context'] === 'boolean' ? message['close_context'] : undefined,
    closeSocket: message['close_socket'] === true,
    voiceSettings: isObject(settings) ? canonical(settings) : undefined,
    speed: speedOf(settings),
    schedule,
    locators: message['pronunciation_dictionary_locators'],
    key: string('xi-api-key') ?? string('xi_api_key') ?? string('authorization')?.replace(/^Bearer /i, ''),
  };
}

function readSchedule(message: JsonObject): number[] | undefined | 'invalid' {
  const config = message['generation_config'] ?? message['generator_config'];
  const schedule = isObject(config) ? config['chunk_length_schedule'] : undefined;
  if (!isGiven(schedule)) return undefined;
  if (!Array.isArray(schedule) || schedule.length === 0) return 'invalid';
  const numbers = (schedule as unknown[]).filter((entry): entry is number => typeof entry === 'number' && entry >= 50 && entry <= 500);
  return numbers.length === schedule.length ? numbers : 'invalid';
}

function wrongField(message: JsonObject, names: readonly string[], fits: (value: unknown) => boolean): string | undefined {
  return names.find((name) => isGiven(message[name]) && !fits(message[name]));
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function canonical(settings: JsonObject): string {
  return JSON.stringify(Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function invalid(message: string): SocketFailure {
  return socketFailure('invalid_input_message', message);
}
