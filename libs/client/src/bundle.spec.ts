/** @jest-environment node */
import { build } from 'esbuild';
import { join } from 'node:path';

const root = join(__dirname, '../../..');

/** The modules that a page gets which uses everything of this lib, as a bundler keeps them. */
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

/** What only servers, frameworks and the audio thread need. */
const isForeign = (path: string): boolean =>
  path.includes('node_modules/') || path.startsWith('libs/protocol/src/validation/') || path.endsWith('-processor.ts');

describe('what a browser page gets of this lib', () => {
  it('has no validation, no framework and no code of the audio thread in it', async () => {
    const modules = await modulesOfAPage();
    expect(modules).toContain('libs/client/src/conversation/live-conversation.ts');
    expect(modules.filter(isForeign)).toEqual([]);
  });

  it('would have the validation with the entry for servers, which shows that the first test can fail', async () => {
    const modules = await modulesOfAPage("import * as validation from '@parley/protocol/validation'; console.log(validation);");
    expect(modules.filter(isForeign).some((path) => path.includes('node_modules/class-validator/'))).toBe(true);
  });
});
