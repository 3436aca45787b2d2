const LISTED_MAX = 10;

/** The names that have a voice. Names are the same in upper and lower case; the first spelling counts. */
export class SpeakerNames {
  readonly #known = new Set<string>();
  readonly #spellings = new Map<string, string>();

  constructor(known: readonly string[]) {
    for (const name of known) {
      this.canonical(name);
      this.#known.add(keyOf(name));
    }
  }

  get isEmpty(): boolean {
    return this.#known.size === 0;
  }

  /** For a message. */
  get list(): string {
    const names = [...this.#known].map((key) => this.#spellings.get(key) ?? key);
    return names.length > LISTED_MAX ? `${names.slice(0, LISTED_MAX).join(', ')}, …` : names.join(', ');
  }

  isKnown(name: string): boolean {
    return this.#known.has(keyOf(name));
  }

  /** The first spelling of the name. */
  canonical(name: string): string {
    const key = keyOf(name);
    const spelling = this.#spellings.get(key) ?? name.trim();
    this.#spellings.set(key, spelling);
    return spelling;
  }
}

const keyOf = (name: string): string => name.trim().replace(/\s+/gu, ' ').toUpperCase();
