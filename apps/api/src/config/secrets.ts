/** Shorter texts are no key of a vendor, and would be found in words. */
const SHORTEST = 6;
const HIDDEN = '[secret]';

/** What must not be read in any log, in whichever way it is written down. One for the process, as the log is. */
export class Secrets {
  #pattern: RegExp | undefined;
  readonly #values = new Set<string>();

  /** Hides these from now on; what is not set is passed over. */
  add(values: Iterable<string | undefined>): void {
    for (const value of values) if (value !== undefined && value.length >= SHORTEST) this.#values.add(value);
    // The longest first: one secret may be the beginning of another, or of its own encoding.
    const written = [...new Set([...this.#values].flatMap(writings))].sort((a, b) => b.length - a.length);
    this.#pattern = written.length === 0 ? undefined : new RegExp(written.map(literally).join('|'), 'gi');
  }

  /** The text without them. */
  hide(text: string): string {
    return this.#pattern === undefined ? text : text.replace(this.#pattern, HIDDEN);
  }
}

/** The secrets of this process. */
export const SECRETS = new Secrets();

/** A pattern that is this text and nothing else. */
const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/** As it is, and as JSON, URLs, base64 and hexadecimal have it. */
function writings(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const inBase64 = base64Within(bytes);
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    new URLSearchParams([['', secret]]).toString().slice(1),
    ...inBase64,
    ...inBase64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
    bytes.toString('hex'),
  ];
}

/**
 * What is sure to be there in the base64 of anything that holds these bytes, by where they begin in a group of three: the characters that
 * the bytes before and behind have no part in.
 */
function base64Within(bytes: Uint8Array): string[] {
  return [0, 1, 2].map((before) => {
    const text = Buffer.concat([new Uint8Array(before), bytes]).toString('base64');
    const whole = Math.floor(((before + bytes.length) * 8) / 6);
    return text.slice(Math.ceil((before * 8) / 6), whole);
  });
}
