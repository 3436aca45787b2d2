import { randomId, type Random } from '../random';
import { isObject, type JsonObject } from '../server/json';
import { badRequest, type ErrorAnswer } from './openai-errors';
import type { ToolRequest } from './reply-source';

/** A piece of a tool call as the vendor streams it; id and name are in the first one. */
export interface ToolCallPiece {
  index: number;
  id?: string;
  type?: 'function';
  function: { name?: string; arguments: string };
}

const NAME = /^[a-zA-Z0-9_-]{1,64}$/;
/** About as many characters as a token has. */
const PIECE = /[^]{1,6}/g;

/** The names of the tools in a request, or the vendor's answer to what is wrong with them. */
export function readTools(tools: unknown): readonly string[] | ErrorAnswer {
  if (tools === undefined) return [];
  if (!Array.isArray(tools)) return badRequest("Invalid type for 'tools': expected an array of objects.", 'invalid_type', 'tools');
  if (tools.length === 0) return badRequest("Invalid 'tools': empty array.", 'empty_array', 'tools');
  const names: string[] = [];
  for (const [index, tool] of (tools as unknown[]).entries()) {
    const described = isObject(tool) && tool['type'] === 'function' && isObject(tool['function']) ? tool['function'] : undefined;
    const path = `tools[${index}].function`;
    if (!described) return badRequest(`Missing required parameter: '${path}'.`, 'missing_required_parameter', path);
    const { name, parameters } = described;
    if (typeof name !== 'string' || !NAME.test(name))
      return badRequest(`Invalid '${path}.name': string does not match pattern.`, 'invalid_value', `${path}.name`);
    if (parameters !== undefined && (!isObject(parameters) || parameters['type'] !== 'object'))
      return badRequest(`Invalid schema for function '${name}'.`, 'invalid_function_parameters', `${path}.parameters`);
    names.push(name);
  }
  return names;
}

/** The vendor's answer to calls without a result and to results without a call. */
export function checkToolMessages(messages: readonly JsonObject[]): ErrorAnswer | undefined {
  let open: unknown[] = [];
  for (const [index, message] of messages.entries()) {
    if (message['role'] === 'tool') {
      if (!open.includes(message['tool_call_id'])) return misplaced(index);
      open = open.filter((id) => id !== message['tool_call_id']);
      continue;
    }
    if (open.length > 0) return unanswered(open, index);
    const calls = message['role'] === 'assistant' ? message['tool_calls'] : undefined;
    if (calls === undefined) continue;
    if (!Array.isArray(calls) || calls.length === 0 || !calls.every(isCall))
      return badRequest('Invalid tool calls.', 'invalid_value', `messages.[${index}].tool_calls`);
    open = calls.map(({ id }) => id);
  }
  return open.length > 0 ? unanswered(open, messages.length) : undefined;
}

/** The pieces in which calls are streamed, one call after the other. */
export function* piecesOf(calls: readonly ToolRequest[], random: Random): Generator<ToolCallPiece> {
  for (const [index, { name, arguments: fields }] of calls.entries()) {
    yield { index, id: `call_${randomId(random, 24)}`, type: 'function', function: { name, arguments: '' } };
    for (const text of JSON.stringify(fields).match(PIECE) ?? []) yield { index, function: { arguments: text } };
  }
}

/** The calls that pieces belong to, as a message has them. */
export function wholeCalls(pieces: readonly ToolCallPiece[]): object[] {
  return pieces
    .filter(({ id }) => id !== undefined)
    .map(({ index, id, type, function: { name } }) => {
      const text = pieces.map((piece) => (piece.index === index ? piece.function.arguments : '')).join('');
      return { id, type, function: { name, arguments: text } };
    });
}

const isCall = (call: unknown): call is JsonObject & { id: string } =>
  isObject(call) && typeof call['id'] === 'string' && isObject(call['function']) && typeof call['function']['arguments'] === 'string';

const misplaced = (index: number): ErrorAnswer =>
  badRequest(
    "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
    null,
    `messages.[${index}].role`,
  );

const unanswered = (ids: readonly unknown[], index: number): ErrorAnswer =>
  badRequest(
    `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${ids.join(', ')}`,
    null,
    `messages.[${index}].role`,
  );
