export interface SpeechCacheCounts {
  hits: number;
  misses: number;
  entries: number;
  bytes: number;
}

/** The audio of spoken lines by key, limited in bytes. The least recently used line is dropped first. */
export class SpeechCache {
  /** In order of last use. */
  private readonly lines = new Map<string, Int16Array>();
  private bytes = 0;
  private hits = 0;
  private misses = 0;

  constructor(private readonly maxBytes: number) {}

  get counts(): SpeechCacheCounts {
    return { hits: this.hits, misses: this.misses, entries: this.lines.size, bytes: this.bytes };
  }

  has(key: string): boolean {
    return this.lines.has(key);
  }

  /** Counts as a use. */
  get(key: string): Int16Array | undefined {
    const pcm = this.lines.get(key);
    if (pcm === undefined) {
      this.misses += 1;
      return undefined;
    }
    this.hits += 1;
    this.lines.delete(key);
    this.lines.set(key, pcm);
    return pcm;
  }

  /** A line that alone exceeds the limit is not kept. */
  set(key: string, pcm: Int16Array): void {
    this.drop(key);
    if (pcm.byteLength > this.maxBytes) return;
    this.lines.set(key, pcm);
    this.bytes += pcm.byteLength;
    for (const oldest of this.lines.keys()) {
      if (this.bytes <= this.maxBytes) return;
      this.drop(oldest);
    }
  }

  private drop(key: string): void {
    this.bytes -= this.lines.get(key)?.byteLength ?? 0;
    this.lines.delete(key);
  }
}
