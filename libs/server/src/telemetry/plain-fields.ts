import { inspect } from 'node:util';

/** What is nested deeper is written as text. */
const MAX_DEPTH = 6;

/** Hides what must not be read in a text. */
type Hide = (text: string) => string;

/**
 * The value as it can be written as JSON, with every text in it passed through `hide`: names of fields as well, and numbers as the text that
 * they are written as. It is hidden before it is written, because a mask in finished JSON could break it. Never throws.
 */
export function plain(value: unknown, hide: Hide, above: readonly object[] = []): unknown {
  switch (typeof value) {
    case 'string':
      return hide(value);
    case 'number':
      return Number.isFinite(value) && hide(String(value)) === String(value) ? value : hide(String(value));
    case 'bigint':
      return hide(`${value}n`);
    case 'undefined':
    case 'boolean':
      return value;
    case 'object':
      return value === null ? null : plainObject(value, hide, above);
    default:
      return hide(inspect(value));
  }
}

function plainObject(value: object, hide: Hide, above: readonly object[]): unknown {
  if (above.includes(value)) return '[circular]';
  if (above.length >= MAX_DEPTH) return hide(inspect(value, { depth: 0, breakLength: Infinity }));
  const within = [...above, value];
  if (Array.isArray(value)) return value.map((item) => plain(item, hide, within));
  if (value instanceof Date || value instanceof URL) return hide(String(value instanceof Date ? value.getTime() : value.href));
  if (value instanceof Map || value instanceof Set || ArrayBuffer.isView(value)) return hide(inspect(value, { breakLength: Infinity }));
  const fields = value instanceof Error ? errorFields(value) : value;
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [hide(name), plain(field, hide, within)]));
}

const errorFields = (error: Error): Record<string, unknown> => ({
  ...error,
  type: error.name,
  message: error.message,
  stack: error.stack,
  ...(error.cause !== undefined && { cause: error.cause }),
});
