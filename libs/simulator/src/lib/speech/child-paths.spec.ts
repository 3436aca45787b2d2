import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { speechChildPaths } from './child-paths.ts';

describe('speechChildPaths', () => {
  const directory = mkdtempSync(join(tmpdir(), 'child-paths-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  it('finds the programs in the source tree', () => {
    expect(speechChildPaths(__dirname)).toEqual({
      recogniser: join(__dirname, 'recogniser-child.ts'),
      synthesiser: join(__dirname, 'synthesiser-child.ts'),
    });
  });

  it('refuses a directory without the programs, and prefers bundles when they exist', () => {
    expect(() => speechChildPaths(directory)).toThrow('no recogniser-child.js or recogniser-child.ts');
    for (const file of ['recogniser-child.js', 'recogniser-child.ts', 'synthesiser-child.js']) writeFileSync(join(directory, file), '');
    expect(speechChildPaths(directory)).toEqual({
      recogniser: join(directory, 'recogniser-child.js'),
      synthesiser: join(directory, 'synthesiser-child.js'),
    });
  });
});
