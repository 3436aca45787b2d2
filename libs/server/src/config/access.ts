import { Transform } from 'class-transformer';
import { isURL, ValidateBy } from 'class-validator';

const QUOTED = /^(["'])(.*)\1$/s;
/**
 * Printable ASCII, which is what an HTTP header can carry and what the keys of all providers consist of. Quotes are excluded: no key has any,
 * so one is a mistake.
 */
const KEY = /^[!#-&(-~]+$/;
const NO_BLANKS = /^[!-~]+$/;

/** Removes blanks and quotes around a value. A shell and `.env` files remove the quotes themselves, but some other tools pass them on. */
export const Unwrapped = (): PropertyDecorator => Transform(({ value }) => (typeof value === 'string' ? unwrapped(value) : value));

function unwrapped(value: string): string {
  const trimmed = value.trim();
  const [, , inner] = QUOTED.exec(trimmed) ?? [];
  return inner === undefined ? trimmed : inner.trim();
}

/** Checks that a value can be sent as a key in an HTTP header. The message does not contain the value. */
export const IsKey = (): PropertyDecorator =>
  ValidateBy({
    name: 'isKey',
    validator: {
      validate: (value) => typeof value === 'string' && KEY.test(value),
      defaultMessage: () => '$property must be one line of printable ASCII characters, without blanks and quotes',
    },
  });

/** Whether this is an absolute URL that consists only of scheme, host, port and path. A user and a password in it would end up in logs. */
export function isEndpoint(value: unknown, protocols: readonly string[]): boolean {
  if (typeof value !== 'string' || !NO_BLANKS.test(value) || /[?#\\]/.test(value)) return false;
  if (!isURL(value, { protocols: [...protocols], require_tld: false, require_protocol: true }) || !URL.canParse(value)) return false;
  const { username, password } = new URL(value);
  return username === '' && password === '';
}

/** Checks that a value is the address of a provider. The message does not contain the value. */
export const IsEndpoint = (protocols: readonly string[]): PropertyDecorator =>
  ValidateBy({
    name: 'isEndpoint',
    validator: {
      validate: (value) => isEndpoint(value, protocols),
      defaultMessage: () =>
        `$property must be an address of ${protocols.join(', ')} without user, password, query and fragment, such as ${protocols[0] ?? ''}://127.0.0.1:8080`,
    },
  });
