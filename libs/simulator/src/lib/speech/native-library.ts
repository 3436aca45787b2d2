/** Loads shared libraries through koffi. Runs in the speech processes only: a fault in native code ends its process. */
import type koffi from 'koffi';
import { NativeSpeechError } from './native-error.ts';

export type Koffi = typeof koffi;
export type NativeLibrary = ReturnType<Koffi['load']>;

/** A pointer of a native library; `null` is C's NULL. */
export type NativePointer = bigint | null;

/** koffi itself, asked for late so that its absence can be told in words. */
export async function importKoffi(): Promise<Koffi> {
  try {
    return (await import('koffi')).default;
  } catch (cause) {
    throw new NativeSpeechError(`koffi, which calls native libraries, cannot be loaded: ${messageOf(cause)}`, 'npm ci', { cause });
  }
}

/** Opens a shared library by its name; `global` lets libraries loaded later find its symbols. */
export function loadLibrary(koffi: Koffi, name: string, global = false): NativeLibrary {
  try {
    return koffi.load(name, { global });
  } catch (cause) {
    throw new NativeSpeechError(`${name} cannot be loaded: ${messageOf(cause)}`, undefined, { cause });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
