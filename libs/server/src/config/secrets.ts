/** Shorter values are not treated as secrets: no provider has such short keys, and they would also occur in ordinary words. */
const SHORTEST = 6;
const HIDDEN = '[secret]';

/** The texts that must not appear in a log, in any encoding. One instance per server, which its log and its settings share. */
export class Secrets {
  #pattern: RegExp | undefined;
  readonly #values = new Set<string>();

  /** Hides these values from now on. Undefined ones are ignored, so that keys that are not configured can be passed as they are. */
  add(values: Iterable<string | undefined>): void {
    for (const value of values) if (value !== undefined && value.length >= SHORTEST) this.#values.add(value);
    // The longest come first, because a secret can be the beginning of another one, or of its own encoding.
    const written = [...new Set([...this.#values].flatMap(writings))].sort((a, b) => b.length - a.length);
    this.#pattern = written.length === 0 ? undefined : new RegExp(written.map(literally).join('|'), 'gi');
  }

  /** The text with `[secret]` in place of every secret. */
  hide(text: string): string {
    return this.#pattern === undefined ? text : text.replace(this.#pattern, HIDDEN);
  }
}

/** The source of a regular expression that matches exactly this text. */
const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/** The secret as it is, and as it is written in JSON, in URLs, in base64 and in hexadecimal. */
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
 * The characters that the base64 of any data with these bytes in it contains: one text for each of the three positions at which the bytes can
 * begin in a base64 group. The characters at both ends are left out, because they also depend on the neighbouring bytes.
 */
function base64Within(bytes: Uint8Array): string[] {
  return [0, 1, 2].map((before) => {
    const text = Buffer.concat([new Uint8Array(before), bytes]).toString('base64');
    const whole = Math.floor(((before + bytes.length) * 8) / 6);
    return text.slice(Math.ceil((before * 8) / 6), whole);
  });
}
