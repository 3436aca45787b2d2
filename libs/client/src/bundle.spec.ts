/** @jest-environment node */
import { build } from 'esbuild';
import { join } from 'node:path';

const root = join(__dirname, '../../..');

/** The modules that a bundler keeps for a page that uses everything from this library. */
async function modulesOfAPage(extraImport = ''): Promise<string[]> {
  const { metafile } = await build({
    stdin: {
      contents: `import * as client from '@parley/client'; ${extraImport} console.log(client);`,
      resolveDir: root,
      sourcefile: 'page.ts',
      loader: 'ts',
    },
    tsconfig: join(root, 'tsconfig.base.json'),
    absWorkingDir: root,
    bundle: true,
    format: 'esm',
    platform: 'browser',
    metafile: true,
    write: false,
  });
  return Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );
}

/** Modules that only servers, frameworks or the audio thread need. */
const isForeign = (path: string): boolean =>
  path.includes('node_modules/') || path.startsWith('libs/protocol/src/validation/') || path.endsWith('-processor.ts');

describe('the code that a browser page loads from this library', () => {
  it('contains no validation, no framework and no code of the audio thread', async () => {
    const modules = await modulesOfAPage();
    expect(modules).toContain('libs/client/src/conversation/live-conversation.ts');
    expect(modules.filter(isForeign)).toEqual([]);
  });

  it('would contain the validation if it used the entry point for servers, which proves that the test above can fail', async () => {
    const modules = await modulesOfAPage("import * as validation from '@parley/protocol/validation'; console.log(validation);");
    expect(modules.filter(isForeign).some((path) => path.includes('node_modules/class-validator/'))).toBe(true);
  });
});
