export type ChangeListener = (episodeId: string, version: number) => void;

/** Those who want to know of changes. */
export class ChangeListeners {
  readonly #listeners = new Set<ChangeListener>();

  add(listener: ChangeListener): () => void {
    // Wrapped, so that a listener that is added twice can be removed once.
    const entry: ChangeListener = (episodeId, version) => listener(episodeId, version);
    this.#listeners.add(entry);
    return () => void this.#listeners.delete(entry);
  }

  tell(episodeId: string, version: number): void {
    for (const listener of [...this.#listeners]) listener(episodeId, version);
  }
}
