import { ValidateBy } from 'class-validator';

const NO_BLANKS = /^[!-~]+$/;
/** What stands between the scheme and the host: a user, and a password, which the last `@` ends. */
const CREDENTIALS = /^[a-z]+:\/\/[^/?#]*?:([^/?#]*)@/;

/** Whether this is the address of a database, which may have a user, a password, a path and a query: `scheme://…`, or the path of a socket. */
export function isServiceUrl(value: unknown, schemes: readonly string[], socket: boolean): boolean {
  if (typeof value !== 'string' || !NO_BLANKS.test(value)) return false;
  if (socket && value.startsWith('/')) return true;
  return schemes.some((scheme) => value.startsWith(`${scheme}://`) && value.length > `${scheme}://`.length);
}

/** Checks that a value is the address of a database. The message does not contain the value. */
export const IsServiceUrl = (schemes: readonly string[], { socket = false } = {}): PropertyDecorator =>
  ValidateBy({
    name: 'isServiceUrl',
    validator: {
      validate: (value) => isServiceUrl(value, schemes, socket),
      defaultMessage: () =>
        `$property must be an address such as ${schemes[0]}://user:password@host/name${socket ? ', or the path of a socket' : ''}`,
    },
  });

/** What of the address no log may show: the password, and the whole address if there is one in it. */
export function secretsOfUrl(url: string | undefined): string[] {
  if (url === undefined) return [];
  const [, written = ''] = CREDENTIALS.exec(url) ?? [];
  const inQuery = /[?&]password=([^&#]*)/.exec(url)?.[1] ?? '';
  const passwords = [written, inQuery].filter((password) => password !== '');
  return passwords.length === 0 ? [] : [url, ...passwords.flatMap((password) => [password, decoded(password)])];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
