/** Where the two AudioWorklet modules of `@parley/audio-worklets` are served, as the owner's bundler placed them. */
export interface WorkletUrls {
  /** The module that registers `parley-capture`. */
  readonly capture: string;
  /** The module that registers `parley-playback`. */
  readonly playback: string;
}

/**
 * The bundled AudioWorklet modules. They are fetched in advance, so that a conversation can start while the server is restarting: the
 * microphone is then already open when the server is back. Closed by its owner.
 */
export class AudioModules {
  private readonly modules: readonly AudioModule[];
  private readonly leaving = new AbortController();

  constructor({ capture, playback }: WorkletUrls) {
    this.modules = [capture, playback].map((address) => ({ address, copy: undefined }));
  }

  /** Fetches both in the background. A module that cannot be fetched is requested again when it is needed. */
  fetchAhead(): void {
    for (const module of this.modules) void this.fetch(module);
  }

  /** Loads both into an audio context. Rejects if one of them does not load. */
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
      // It will be loaded from the server when it is needed.
    }
  }
}

interface AudioModule {
  readonly address: string;
  /** The address of the fetched copy. */
  copy: string | undefined;
}

async function add(worklet: AudioWorklet, { address, copy }: AudioModule): Promise<void> {
  // A copy may be forbidden by the page's content security policy, or may refer to other files on the server.
  if (copy !== undefined && (await loads(worklet, copy))) return;
  await worklet.addModule(address);
}

const loads = (worklet: AudioWorklet, address: string): Promise<boolean> =>
  worklet.addModule(address).then(
    () => true,
    () => false,
  );
