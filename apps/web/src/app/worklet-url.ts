/**
 * The addresses of the bundled AudioWorklet modules.
 * The application builder bundles whatever it finds as `new Worker(new URL('<file>', import.meta.url))`, going by the syntax alone;
 * a local class of that name turns the same syntax into "bundle this file and give me its address".
 */
class Worker {
  readonly href: string;

  constructor(
    url: URL,
    readonly options: { type: 'module' },
  ) {
    this.href = url.href;
  }
}

/** Address of the module that registers `parley-capture`. */
export const captureWorkletUrl = (): string => new Worker(new URL('../worklets/capture.worklet', import.meta.url), { type: 'module' }).href;

/** Address of the module that registers `parley-playback`. */
export const playbackWorkletUrl = (): string =>
  new Worker(new URL('../worklets/playback.worklet', import.meta.url), { type: 'module' }).href;
