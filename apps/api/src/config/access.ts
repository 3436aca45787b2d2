import { Transform } from 'class-transformer';
import { isURL, ValidateBy } from 'class-validator';

const QUOTED = /^(["'])(.*)\1$/s;
/** What any HTTP header takes, and no key of a vendor lacks: printable ASCII. A quote is a slip of whoever wrote it down. */
const KEY = /^[!#-&(-~]+$/;
const NO_BLANKS = /^[!-~]+$/;

/** Blanks around a value are dropped, and so are quotes around it, which a shell or `.env` would have taken and others hand on. */
export const Unwrapped = (): PropertyDecorator => Transform(({ value }) => (typeof value === 'string' ? unwrapped(value) : value));

function unwrapped(value: string): string {
  const trimmed = value.trim();
  const [, , inner] = QUOTED.exec(trimmed) ?? [];
  return inner === undefined ? trimmed : inner.trim();
}

/** A key as it goes into a header. Its value is not told. */
export const IsKey = (): PropertyDecorator =>
  ValidateBy({
    name: 'isKey',
    validator: {
      validate: (value) => typeof value === 'string' && KEY.test(value),
      defaultMessage: () => '$property must be one line of printable ASCII characters, without blanks and quotes',
    },
  });

/** Whether requests can go to this address: absolute, and nothing but scheme, host, port and path. A user and a password would end up in logs. */
export function isEndpoint(value: unknown, protocols: readonly string[]): boolean {
  if (typeof value !== 'string' || !NO_BLANKS.test(value) || /[?#\\]/.test(value)) return false;
  if (!isURL(value, { protocols: [...protocols], require_tld: false, require_protocol: true }) || !URL.canParse(value)) return false;
  const { username, password } = new URL(value);
  return username === '' && password === '';
}

/** The address of a vendor. Its value is not told. */
export const IsEndpoint = (protocols: readonly string[]): PropertyDecorator =>
  ValidateBy({
    name: 'isEndpoint',
    validator: {
      validate: (value) => isEndpoint(value, protocols),
      defaultMessage: () =>
        `$property must be an address of ${protocols.join(', ')} without user, password, query and fragment, such as ${protocols[0] ?? ''}://127.0.0.1:8080`,
    },
  });
