import type { SessionTokenPurpose } from '@parley/protocol';

/**
 * Gets a new token that lets in once; undefined where the server needs none. Asked right before each connection and each request. Rejects with
 * `AccessRefused` if this visitor gets none, and with another error if there is no answer.
 */
export type SessionTokenSource = (purpose: SessionTokenPurpose, leaving?: AbortSignal) => string | undefined | Promise<string | undefined>;

/** The visitor gets no token. `message` is for people to read: the server's own words where it gave any. */
export class AccessRefused extends Error {
  override readonly name = 'AccessRefused';
  constructor(message = 'The server does not let you in. Sign in again, or ask whoever runs it.') {
    super(message);
  }
}

/** An answer that takes longer is not waited for. */
export const TOKEN_TIMEOUT_MS = 8_000;

/** Asks the server for a token. `url` is the address of `/api/session-tokens`; cookies for it are sent along. Errors as of `SessionTokenSource`. */
export async function requestSessionToken(url: string, purpose: SessionTokenPurpose, leaving?: AbortSignal): Promise<string | undefined> {
  const request = new AbortController();
  const giveUp = (): void => request.abort();
  const timer = setTimeout(giveUp, TOKEN_TIMEOUT_MS);
  leaving?.addEventListener('abort', giveUp);
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify({ purpose }),
      signal: request.signal,
    });
    // The server has stopped to need them.
    if (answer.status === 404) return undefined;
    const body: unknown = await answer.json().catch(() => undefined);
    if (answer.ok) return tokenIn(body);
    if (answer.status === 401 || answer.status === 403) throw new AccessRefused(textIn(body, 'message'));
    throw new Error(`the server answered with the status ${answer.status}`);
  } finally {
    clearTimeout(timer);
    leaving?.removeEventListener('abort', giveUp);
  }
}

function tokenIn(body: unknown): string {
  const token = textIn(body, 'token');
  if (token === undefined) throw new Error('the server’s answer has no token');
  return token;
}

function textIn(body: unknown, name: string): string | undefined {
  const value: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
  return typeof value === 'string' ? value : undefined;
}
