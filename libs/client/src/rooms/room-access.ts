import type { JoinRoom, RoomAccess } from '@parley/protocol';
import { AccessRefused, type SessionTokenSource } from '../link/session-token';
import { RoomError, type RoomProblem } from './room-error';

/** An answer that takes longer is not waited for. */
export const ACCESS_TIMEOUT_MS = 15_000;

/**
 * Asks our server for the permission to join a room. `apiUrl` is the address that `/api` stands for, without a slash at its end. Rejects with a
 * `RoomError`, or with the browser's `AbortError` if `leaving` aborts. `tokens` is asked for what the server may need to let in.
 */
export async function requestRoomAccess(
  apiUrl: string,
  join: JoinRoom,
  leaving: AbortSignal,
  tokens: SessionTokenSource = () => undefined,
): Promise<RoomAccess> {
  const answer = await post(`${apiUrl}/rooms`, join, leaving, await tokenOf(tokens, leaving));
  const body: unknown = await answer.json().catch(() => undefined);
  leaving.throwIfAborted();
  // What the server says about its token is for programs.
  if (answer.status === 401) throw new RoomError('closed');
  if (!answer.ok) throw new RoomError(problemOf(answer.status), messageOf(body));
  if (!isAccess(body)) throw new RoomError('failed', 'The server’s answer cannot be read.');
  return body;
}

async function tokenOf(tokens: SessionTokenSource, leaving: AbortSignal): Promise<string | undefined> {
  try {
    return await tokens('rooms', leaving);
  } catch (error) {
    if (leaving.aborted) throw error;
    throw error instanceof AccessRefused ? new RoomError('forbidden', error.message) : new RoomError('unreachable');
  }
}

async function post(address: string, join: JoinRoom, leaving: AbortSignal, token: string | undefined): Promise<Response> {
  const request = new AbortController();
  const giveUp = (): void => request.abort();
  const timer = setTimeout(giveUp, ACCESS_TIMEOUT_MS);
  leaving.addEventListener('abort', giveUp);
  try {
    leaving.throwIfAborted();
    return await fetch(address, {
      method: 'POST',
      headers: {
        ...{ accept: 'application/json', 'content-type': 'application/json' },
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(join),
      signal: request.signal,
    });
  } catch (error) {
    if (leaving.aborted) throw error;
    throw new RoomError('unreachable');
  } finally {
    clearTimeout(timer);
    leaving.removeEventListener('abort', giveUp);
  }
}

function problemOf(status: number): RoomProblem {
  switch (status) {
    case 403:
      return 'forbidden';
    case 409:
      return 'taken';
    case 400:
    case 422:
      return 'invalid';
    case 502:
    case 503:
    case 504:
      return 'unavailable';
    default:
      return 'failed';
  }
}

function messageOf(body: unknown): string | undefined {
  return typeof body === 'object' && body !== null && 'message' in body && typeof body.message === 'string' ? body.message : undefined;
}

function isAccess(body: unknown): body is RoomAccess {
  if (typeof body !== 'object' || body === null) return false;
  return (['url', 'room', 'token'] as const).every((name) => typeof Reflect.get(body, name) === 'string');
}
