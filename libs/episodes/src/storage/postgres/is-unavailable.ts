/**
 * Classes of SQLSTATE: 08 is a lost connection, 57P an end of the server or of the session by its administrator, 53 a lack of resources such as
 * connections.
 */
const SQL_STATES = /^(?:08|57P|53)/;
/** What the operating system says of a server that cannot be reached; ENOENT is a socket in the file system that is gone. */
const SYSTEM_CODES: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
]);
/** The client library gives these no code. */
const MESSAGES =
  /connection terminated|connection timeout|timeout exceeded when trying to connect|client has encountered a connection error/i;

/** Whether the error says that PostgreSQL does not answer, and not that something is wrong with what it was asked. */
export function isUnavailable(error: unknown): boolean {
  // By its properties: the errors of Node.js may be of another realm.
  const { code, message, errors } = Object(error) as { code?: unknown; message?: unknown; errors?: unknown };
  // All addresses of the host were tried.
  if (Array.isArray(errors)) return errors.length > 0 && errors.every(isUnavailable);
  if (typeof code === 'string' && (SYSTEM_CODES.has(code) || SQL_STATES.test(code))) return true;
  return typeof message === 'string' && MESSAGES.test(message);
}
