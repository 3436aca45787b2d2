import { bytesFromBase64 } from './base64';
import { SILERO_WASM_BASE64 } from './silero-wasm-bytes';

/** Where something lies in the module's memory, in bytes. */
export interface WasmPosition {
  readonly value: number;
}

/** What `wasm/network.ts` exports: `wasm/layout.ts` tells what lies where. */
export interface SileroModule {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly SAMPLES: WasmPosition;
  readonly COSINES: WasmPosition;
  readonly SINES: WasmPosition;
  readonly HANN: WasmPosition;
  readonly HIDDEN: WasmPosition;
  readonly LAYER_0: WasmPosition;
  readonly LAYER_1: WasmPosition;
  readonly LAYER_2: WasmPosition;
  readonly LAYER_3: WasmPosition;
  readonly LSTM: WasmPosition;
  readonly OUTPUT: WasmPosition;
  /** One window: gives the logit of the probability of speech. */
  process(): number;
}

/** The part of the host's `WebAssembly` that is used. */
export interface WasmHost {
  validate(bytes: Uint8Array): boolean;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: SileroModule };
}

/** Declared here because the type libraries available to this library do not have it. */
declare const WebAssembly: WasmHost | undefined;

/** The host's `WebAssembly`, or undefined if it has none. */
export function wasmHost(): WasmHost | undefined {
  return typeof WebAssembly === 'undefined' ? undefined : WebAssembly;
}

/** A new instance with an empty memory, or undefined where there is no WebAssembly or no SIMD in it. */
export function instantiateSilero(host: WasmHost | undefined): SileroModule | undefined {
  const bytes = bytesFromBase64(SILERO_WASM_BASE64);
  if (!host?.validate(bytes)) return undefined;
  return new host.Instance(new host.Module(bytes)).exports;
}
