/** @jest-environment node */
import { build } from 'esbuild';
import { join } from 'node:path';

const root = join(__dirname, '../../..');

/** Our own modules that a bundler keeps for a page that uses everything from one entry point of this library. */
async function modulesBehind(entry: string): Promise<string[]> {
  const { metafile } = await build({
    stdin: { contents: `import * as all from '${entry}'; console.log(all);`, resolveDir: root, sourcefile: 'page.ts', loader: 'ts' },
    tsconfig: join(root, 'tsconfig.base.json'),
    absWorkingDir: root,
    bundle: true,
    format: 'esm',
    platform: 'browser',
    external: ['@angular/*'],
    metafile: true,
    write: false,
  });
  return Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );
}

const SERVERS_OWN = /^node_modules\/|^libs\/protocol\/src\/validation\//;

describe('the code that a browser page loads from this library', () => {
  it('contains nothing of the conversation before a conversation is shown', async () => {
    const modules = await modulesBehind('@parley/angular/server');
    expect(modules).toContain('libs/angular/src/server/server-config.ts');
    // What asks for tokens is small, and every page needs it.
    const ofTheClient = modules.filter((path) => path.startsWith('libs/client/'));
    expect(ofTheClient).toEqual(['libs/client/src/link/session-token.ts']);
    expect(modules.filter((path) => path.startsWith('libs/angular/src/session/'))).toEqual([]);
    expect(modules.filter((path) => SERVERS_OWN.test(path))).toEqual([]);
  });

  it('contains the client together with the conversation, but no validation', async () => {
    const modules = await modulesBehind('@parley/angular');
    expect(modules).toContain('libs/client/src/conversation/live-conversation.ts');
    expect(modules.filter((path) => SERVERS_OWN.test(path))).toEqual([]);
  });

  it('contains the editor and the episodes only together with the studio', async () => {
    const studioOnly = /^node_modules\/@?codemirror|^libs\/client\/src\/narration\/|^libs\/angular\/src\/studio\//;
    for (const entry of ['@parley/angular/server', '@parley/angular']) {
      expect((await modulesBehind(entry)).filter((path) => studioOnly.test(path))).toEqual([]);
    }
    const modules = await modulesBehind('@parley/angular/studio');
    expect(modules).toContain('libs/client/src/narration/live-narration.ts');
    expect(modules.some((path) => path.startsWith('node_modules/@codemirror/view/'))).toBe(true);
    expect(modules.filter((path) => /^libs\/protocol\/src\/validation\/|^libs\/client\/src\/conversation\//.test(path))).toEqual([]);
  });

  it('contains rooms and their media library only together with the page for rooms', async () => {
    const roomsOnly = /^node_modules\/livekit-client\/|^libs\/client\/src\/rooms\/|^libs\/angular\/src\/rooms\//;
    for (const entry of ['@parley/angular/server', '@parley/angular', '@parley/angular/studio']) {
      expect((await modulesBehind(entry)).filter((path) => roomsOnly.test(path))).toEqual([]);
    }
    const modules = await modulesBehind('@parley/angular/rooms');
    expect(modules).toContain('libs/client/src/rooms/room-connection.ts');
    expect(modules.some((path) => path.startsWith('node_modules/livekit-client/'))).toBe(true);
    expect(modules).not.toContain('libs/client/src/conversation/live-conversation.ts');
    expect(modules.filter((path) => path.startsWith('libs/protocol/src/validation/'))).toEqual([]);
  });
});
