import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { instantiateSilero, wasmHost } from './silero-module';

describe('silero-wasm-bytes', () => {
  // The compiler takes two seconds alone.
  it('is what its sources compile to', () => {
    expect(() => execFileSync(process.execPath, [join(__dirname, 'wasm/compile.mjs'), '--check'], { stdio: 'pipe' })).not.toThrow();
  }, 60_000);

  it('needs nothing of its host, and one mebibyte', () => {
    expect(instantiateSilero(wasmHost())?.memory.buffer.byteLength).toBe(1024 * 1024);
  });
});
