import { isObject, parseObject } from '../server/json';

/** More than any client should accept for one message, one line or the audio of a sentence. */
const OVERSIZED_BYTES = 6 * 1024 * 1024;
const EVENT = /^(data: )?(.*?)(\s*)$/s;

/** A frame that is valid in the vendor's protocol but far too long: its longest text is repeated. */
export function oversized(data: string | Buffer): string | Buffer {
  if (typeof data !== 'string') return Buffer.concat(Array.from({ length: timesFor(data.length) }, () => data));
  const [, prefix = '', json = '', ending = ''] = EVENT.exec(data) ?? [];
  const message = parseObject(json);
  if (!message) return data.repeat(timesFor(data.length));
  const longest = textsIn(message).sort((a, b) => b.length - a.length)[0] ?? '';
  const long = longest.repeat(timesFor(longest.length));
  return `${prefix}${JSON.stringify(message, (_key, value: unknown) => (value === longest ? long : value))}${ending}`;
}

const timesFor = (length: number): number => Math.ceil(OVERSIZED_BYTES / Math.max(1, length));

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isObject(value) ? Object.values(value).flatMap(textsIn) : [];
}
