import { createHash } from 'node:crypto';

const UUID = /^[\da-f]{8}-[\da-f]{4}-[1-8][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/i;
const DIGITS = 32;

/**
 * The trace of a conversation, which can be found by the conversation's id: the id without hyphens where it is a UUID, otherwise the first
 * half of its SHA-256.
 */
export const traceIdOf = (conversationId: string): string =>
  UUID.test(conversationId)
    ? conversationId.replaceAll('-', '').toLowerCase()
    : createHash('sha256').update(conversationId).digest('hex').slice(0, DIGITS);
