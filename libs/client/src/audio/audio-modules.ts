/** Where the two AudioWorklet modules of `@parley/audio-worklets` are served, as the owner's bundler placed them. */
export interface WorkletUrls {
  /** The module that registers `parley-capture`. */
  readonly capture: string;
  /** The module that registers `parley-playback`. */
  readonly playback: string;
}

/**
 * The bundled AudioWorklet modules. Fetched ahead, they are there at Start also when the server that brought the page is not: it may be restarting
 * just then, and the microphone should be open when it is back. The owner closes it.
 */
export class AudioModules {
  private readonly modules: readonly AudioModule[];
  private readonly leaving = new AbortController();

  constructor({ capture, playback }: WorkletUrls) {
    this.modules = [capture, playback].map((address) => ({ address, copy: undefined }));
  }

  /** Fetches both in the background; what does not come is asked for again when it is needed. */
  fetchAhead(): void {
    for (const module of this.modules) void this.fetch(module);
  }

  /** Loads both into an audio context. Rejects where one does not load. */
  async addTo(worklet: AudioWorklet): Promise<void> {
    await Promise.all(this.modules.map((module) => add(worklet, module)));
  }

  close(): void {
    this.leaving.abort();
    for (const { copy } of this.modules) if (copy !== undefined) URL.revokeObjectURL(copy);
  }

  private async fetch(module: AudioModule): Promise<void> {
    try {
      const answer = await fetch(module.address, { signal: this.leaving.signal });
      if (!answer.ok) return;
      const source = await answer.text();
      if (!this.leaving.signal.aborted) module.copy = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
    } catch {
      // Then it is loaded from the server, where it is needed.
    }
  }
}

interface AudioModule {
  readonly address: string;
  /** Address of what was fetched. */
  copy: string | undefined;
}

async function add(worklet: AudioWorklet, { address, copy }: AudioModule): Promise<void> {
  // A copy may be forbidden by the server's rules for the page, or refer to files beside it.
  if (copy !== undefined && (await loads(worklet, copy))) return;
  await worklet.addModule(address);
}

const loads = (worklet: AudioWorklet, address: string): Promise<boolean> =>
  worklet.addModule(address).then(
    () => true,
    () => false,
  );
