/**
 * `not_found`: there is no such room, participant or recording. `unreachable`: the media server, or a service behind it, did not answer in time or
 * could not do it. `refused`: the media server does not accept the request; most often key and secret are not its own.
 */
export type RoomControlErrorKind = 'not_found' | 'unreachable' | 'refused';

/**
 * What went wrong when the media server was asked. Its own message and cause are left out: it repeats tokens in them. `details` names the request,
 * and its status and code where there was an answer, for the log.
 */
export class RoomControlError extends Error {
  override readonly name = 'RoomControlError';

  constructor(
    readonly kind: RoomControlErrorKind,
    readonly details: string,
  ) {
    super(`${WORDS[kind]} (${details})`);
  }
}

const WORDS: Readonly<Record<RoomControlErrorKind, string>> = {
  not_found: 'the media server knows nothing of that name',
  unreachable: 'the media server does not answer',
  refused: 'the media server refuses the request',
};

/** The error for what a request to the media server was rejected with. */
export function toControlError(request: string, error: unknown): RoomControlError {
  if (error instanceof RoomControlError) return error;
  const status = fieldOf(error, 'status');
  const code = fieldOf(error, 'code');
  // Without a status there was no answer: the connection failed, or the time was up.
  if (typeof status !== 'number')
    return new RoomControlError('unreachable', `${request}: ${String(fieldOf(error, 'name') ?? 'no answer')}`);
  const details = `${request}: ${status}${typeof code === 'string' ? ` ${code}` : ''}`;
  return new RoomControlError(code === 'not_found' ? 'not_found' : status >= 500 ? 'unreachable' : 'refused', details);
}

const fieldOf = (error: unknown, field: 'status' | 'code' | 'name'): unknown =>
  typeof error === 'object' && error !== null ? Reflect.get(error, field) : undefined;
