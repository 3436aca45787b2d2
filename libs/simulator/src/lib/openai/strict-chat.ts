import type { JsonObject } from '../server/json';
import { badRequest, errorBody, type ErrorAnswer } from './openai-errors';
import type { ReplyMessage } from './reply-source';

/** A model server that accepts less than the vendor, like many self-hosted ones. Options that are left out are as at the vendor. */
export interface StrictChat {
  /** The chat template requires alternating messages that begin and end with the user's, none of them empty. */
  alternates?: boolean;
  /** The chat template accepts no system message. */
  refusesSystem?: boolean;
  /** Parameters that the server refuses. */
  unknownParameters?: readonly string[];
  /** The style of the error for a refused parameter. Default: `openai`. */
  refusesAs?: 'openai' | 'fastapi' | 'vllm' | 'plain';
  /** The maximum number of characters of all messages together. */
  maxCharacters?: number;
  /** Messages that contain this text are refused by a content filter. */
  refusesContent?: RegExp;
}

/** The error of a strict server for this request, worded like a real one; undefined when it accepts the request. */
export function refusedStrictly(body: JsonObject, messages: readonly ReplyMessage[], strict: StrictChat): ErrorAnswer | undefined {
  const { unknownParameters = [], maxCharacters = Infinity, refusesContent, refusesAs = 'openai' } = strict;
  const unknown = unknownParameters.find((name) => body[name] !== undefined);
  if (unknown !== undefined) return unknownParameter(unknown, body, refusesAs);
  const flagged = refusesContent && messages.some(({ content }) => content.search(refusesContent) >= 0);
  if (flagged)
    return badRequest('The response was filtered due to the prompt triggering the content management policy.', 'content_filter', 'prompt');
  if (messages.reduce((sum, { content }) => sum + content.length, 0) > maxCharacters)
    return {
      status: 400,
      body: errorBody('the request exceeds the available context size, try increasing it', 'exceed_context_size_error', null),
    };
  return refusedByTemplate(messages, strict);
}

function refusedByTemplate(messages: readonly ReplyMessage[], { alternates, refusesSystem }: StrictChat): ErrorAnswer | undefined {
  const hasSystem = messages[0]?.role === 'system';
  if (refusesSystem === true && hasSystem) return templateError('System role not supported');
  if (alternates !== true) return undefined;
  const turns = hasSystem ? messages.slice(1) : messages;
  const inTurns = turns.every(({ role }, index) => role === (index % 2 === 0 ? 'user' : 'assistant'));
  if (!inTurns) return templateError('Conversation roles must alternate user/assistant/user/assistant/...');
  if (messages.some(({ content }) => content.trim() === '')) return badRequest('Message content must not be empty.', null, 'messages');
  if (turns.at(-1)?.role === 'user') return undefined;
  return badRequest('Expected last role User or Tool (or Assistant with prefix True) for serving but got assistant', null, 'messages');
}

const templateError = (message: string): ErrorAnswer => ({ status: 400, body: errorBody(message, 'BadRequestError', null) });

function unknownParameter(name: string, body: JsonObject, as: NonNullable<StrictChat['refusesAs']>): ErrorAnswer {
  const extra = { type: 'extra_forbidden', loc: ['body', name], msg: 'Extra inputs are not permitted', input: body[name] };
  switch (as) {
    case 'openai':
      return badRequest(`Unsupported parameter: '${name}' is not supported with this model.`, 'unsupported_parameter', name);
    case 'fastapi':
      return { status: 422, body: { detail: [extra] } };
    case 'vllm':
      return {
        status: 400,
        body: {
          object: 'error',
          message: `[{'type': 'extra_forbidden', 'loc': ('body', '${name}')}]`,
          type: 'BadRequestError',
          param: null,
          code: 400,
        },
      };
    case 'plain':
      return { status: 400, body: { error: `json: unknown field "${name}"` } };
  }
}
