import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { instantiateSilero, wasmHost } from './silero-module';

describe('silero-wasm-bytes', () => {
  // The compiler takes two seconds alone.
  it('equals the output of compiling its sources', () => {
    expect(() => execFileSync(process.execPath, [join(__dirname, 'wasm/compile.mjs'), '--check'], { stdio: 'pipe' })).not.toThrow();
  }, 60_000);

  it('imports nothing from its host and uses one mebibyte of memory', () => {
    expect(instantiateSilero(wasmHost())?.memory.buffer.byteLength).toBe(1024 * 1024);
  });
});
