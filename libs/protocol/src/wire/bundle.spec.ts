import { build } from 'esbuild';
import { join } from 'node:path';

const root = join(__dirname, '../../../..');

/** Which modules a page gets that imports `names` from this lib, as a bundler keeps them. */
async function modulesBehind(names: string, entry = '@parley/protocol'): Promise<string[]> {
  const { metafile } = await build({
    stdin: {
      contents: `import { ${names} } from '${entry}'; console.log(${names});`,
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

describe('what a browser page gets of this lib', () => {
  it('has no validation behind the codec and the constants', async () => {
    expect((await modulesBehind('decodeSpeechFrame, FRAME_MS')).sort()).toEqual([
      'libs/protocol/src/wire/constants.ts',
      'libs/protocol/src/wire/speech-frame.ts',
      'page.ts',
    ]);
  });

  it('has it behind the entry for servers, which shows that the first test can fail', async () => {
    const modules = await modulesBehind('parseClientMessage', '@parley/protocol/validation');
    expect(modules).toContain('libs/protocol/src/validation/client-message-dtos.ts');
    expect(modules.filter((path) => path.startsWith('node_modules/class-validator/')).length).toBeGreaterThan(0);
  });
});
