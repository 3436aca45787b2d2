import { fileURLToPath } from 'node:url';
import { outsidePaths, repositoryFiles } from './outside-paths.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const found = (/** @type {string} */ file, /** @type {string} */ text) => outsidePaths(root, file, text);
// Put together here, so that this file itself names none.
const home = ['', 'home', 'ann', 'parley'].join('/');
const beside = ['..', 'recordings'].join('/');

describe('paths outside the repository', () => {
  it('are not named in any file of the repository', () => {
    const files = repositoryFiles(root);
    expect(files.length).toBeGreaterThan(500);
    const named = files.flatMap((file) => outsidePaths(root, file).map((path) => `${file}: ${path}`));
    expect(named).toEqual([]);
  });

  it.each([
    ['a path that climbs out of the repository', 'tools/doctor.mjs', `readFile('../${beside}/a.wav')`, `../${beside}/a.wav`],
    ['a folder beside the checkout, joined to its root', 'libs/testing/src/client/workspace.ts', `join(root(), '${beside}')`, beside],
    ['a link in a document', 'README.md', `[recordings](${beside})`, beside],
    ['a folder of one machine', 'README.md', `cd ${home} && npm start`, home],
    ['a path in a spec that climbs out', 'tools/test/report.spec.mjs', `'../../${beside}'`, `../../${beside}`],
  ])('are found in %s', (_, file, text, path) => {
    expect(found(file, text)).toEqual([path]);
  });

  it.each([
    ['an import', 'tools/test/stages.mjs', "from '../setup/chromium.mjs'"],
    ['an import without its ending', 'libs/providers/src/openai/chat-request.ts', "from '../ports/language-model'"],
    ['the checkout itself', 'tools/setup/paths.mjs', "new URL('../..', import.meta.url)"],
    ['what the build writes', 'apps/web/tsconfig.app.json', '"outDir": "../../dist/out-tsc"'],
    ['a made-up path in a spec that stays inside', 'libs/server/src/config/environment.spec.ts', "'../voices'"],
    ['a folder that every system has', 'tools/setup/chromium.mjs', "'/usr/bin/chromium'"],
    ['a path of an address', 'README.md', 'https://example.com/home/page'],
  ])('are not seen in %s', (_, file, text) => {
    expect(found(file, text)).toEqual([]);
  });
});
