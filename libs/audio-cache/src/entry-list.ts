export interface Entry {
  bytes: number;
  usedAtMs: number;
}

/** What is known of the entries: their sizes and when they were last used. */
export class EntryList {
  readonly #entries = new Map<string, Entry>();
  #lastUseMs = 0;
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  get count(): number {
    return this.#entries.size;
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  set(key: string, entry: Entry): void {
    this.delete(key);
    this.#entries.set(key, entry);
    this.#bytes += entry.bytes;
    this.#lastUseMs = Math.max(this.#lastUseMs, Math.ceil(entry.usedAtMs));
  }

  delete(key: string): void {
    this.#bytes -= this.#entries.get(key)?.bytes ?? 0;
    this.#entries.delete(key);
  }

  /** A time for a use that happens now: later than every use before, even if the clock has not moved. */
  nextUseMs(): number {
    this.#lastUseMs = Math.max(Date.now(), this.#lastUseMs + 1);
    return this.#lastUseMs;
  }

  used(key: string, usedAtMs: number): void {
    const entry = this.#entries.get(key);
    if (entry) entry.usedAtMs = usedAtMs;
  }

  /** The entries now, that which has not been used for longest first. */
  byUse(): [string, Entry][] {
    return [...this.#entries].sort(([, a], [, b]) => a.usedAtMs - b.usedAtMs);
  }
}
