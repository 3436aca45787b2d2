import { parseSileroLayers, type SileroLayers } from './silero-layers';
import { wasmHost } from './silero-module';
import { type SileroStream } from './silero-stream';
import { SileroVad } from './silero-vad';
import { SileroWasm } from './silero-wasm';

/**
 * The weights of the detector, ready to be used: share one between all sessions. Holds one WebAssembly memory (1 MiB) with a copy of them
 * for all of its streams; where the host has no WebAssembly SIMD, the streams run in plain TypeScript. Nothing to close.
 */
export class SileroWeights {
  /** @param wasm the network in WebAssembly with the same weights, or undefined where the host cannot run it */
  constructor(
    readonly layers: SileroLayers,
    readonly wasm: SileroWasm | undefined,
  ) {}

  /** A detector for one more stream, on the fastest there is. Holds no resources. */
  createStream(): SileroStream {
    return this.wasm?.createStream() ?? new SileroVad(this.layers);
  }
}

/**
 * Reads `assets/silero-vad-v6-16k.bin` (the format is described in `assets/extract-silero-weights.mjs`). The bytes are copied.
 * @throws Error when they are not that file.
 */
export function parseSileroWeights(bytes: Uint8Array): SileroWeights {
  const layers = parseSileroLayers(bytes);
  return new SileroWeights(layers, SileroWasm.create(layers, wasmHost()));
}
