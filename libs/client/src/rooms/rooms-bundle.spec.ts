/** @jest-environment node */
import { build } from 'esbuild';
import { join } from 'node:path';

const root = join(__dirname, '../../../..');

/** The modules of a page that uses everything of this entry: those that it loads at once, and those that it loads later. */
async function modulesOfAPage(): Promise<{ atOnce: string[]; later: string[] }> {
  const { metafile } = await build({
    stdin: {
      contents: "import * as rooms from '@parley/client/rooms'; console.log(rooms);",
      resolveDir: root,
      sourcefile: 'page.ts',
      loader: 'ts',
    },
    tsconfig: join(root, 'tsconfig.base.json'),
    absWorkingDir: root,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    outdir: 'out',
    metafile: true,
    write: false,
  });
  const outputs = Object.values(metafile.outputs);
  const page = Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint === 'page.ts');
  const first = new Set([page?.[0]]);
  for (const path of first)
    for (const { path: next, kind } of metafile.outputs[path ?? '']?.imports ?? []) if (kind === 'import-statement') first.add(next);
  const atOnce = [...first].flatMap((path) => Object.keys(metafile.outputs[path ?? '']?.inputs ?? {}));
  return { atOnce, later: outputs.flatMap(({ inputs }) => Object.keys(inputs)).filter((path) => !atOnce.includes(path)) };
}

describe('the code that a browser page loads for rooms', () => {
  it('contains the media library only once somebody joins, and never the conversation over a socket', async () => {
    const { atOnce, later } = await modulesOfAPage();
    expect(atOnce).toContain('libs/client/src/rooms/room-connection.ts');
    expect(atOnce.filter((path) => path.includes('node_modules/'))).toEqual([]);
    expect(later.some((path) => path.startsWith('node_modules/livekit-client/'))).toBe(true);
    expect([...atOnce, ...later].filter((path) => /^libs\/(client\/src\/conversation|protocol\/src\/validation)\//.test(path))).toEqual([]);
  });
});
