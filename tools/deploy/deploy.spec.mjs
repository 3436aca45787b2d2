import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { VERSION } from '../livekit/server-program.mjs';
import { ROOT } from '../setup/paths.mjs';

const DEPLOY = join(ROOT, 'deploy');

const read = (/** @type {string} */ file) => readFileSync(join(DEPLOY, file), 'utf8');

const files = readdirSync(DEPLOY, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml'));

/** @param {string} file @returns {any[]} */
const documents = (file) => parseAllDocuments(read(file), { merge: true }).map((document) => document.toJS());

/** Every variable that the settings have: their documentation is made from them. */
const VARIABLES = new Set(
  [...readFileSync(join(ROOT, 'docs/configuration.md'), 'utf8').matchAll(/^\| `([A-Z][A-Z_]+)`/gm)].map(([, name]) => name),
);

/** Variables that the C library reads. */
const OF_THE_ALLOCATOR = new Set(['MALLOC_TRIM_THRESHOLD_', 'MALLOC_MMAP_THRESHOLD_']);

const compose = documents('compose.yaml')[0];
const kubernetes = files.filter((file) => file.startsWith('kubernetes')).flatMap(documents);
const ours = (/** @type {any} */ container) => /^parley-/.test(container.image);
const containers = kubernetes.flatMap((resource) => resource.spec?.template?.spec?.containers ?? []);

describe('the deployment files', () => {
  it.each(files)('%s is valid YAML', (file) => {
    const problems = parseAllDocuments(read(file), { merge: true }).flatMap(({ errors, warnings }) => [...errors, ...warnings]);
    expect(problems).toEqual([]);
  });

  it('set only variables that Parley has', () => {
    const composed = ['api', 'room-worker-1', 'room-worker-2'].flatMap((name) => Object.keys(compose.services[name].environment));
    const config = kubernetes.filter(({ kind }) => kind === 'ConfigMap').flatMap(({ data }) => Object.keys(data));
    const set = containers.filter(ours).flatMap(({ env }) => env.map((/** @type {{ name: string }} */ { name }) => name));
    const names = [...composed, ...config, ...set];
    expect(names.filter((name) => !VARIABLES.has(name) && !OF_THE_ALLOCATOR.has(name))).toEqual([]);
    for (const name of ['LIVEKIT_URL', 'LIVEKIT_API_SECRET', 'REDIS_URL', 'ROOMS_API_TOKEN', 'ROOM_WORKER_SLOTS'])
      expect(names).toContain(name);
  });

  it('run the version of the media server that is tested here', () => {
    const images = [compose.services.livekit.image, ...containers.map(({ image }) => image)].filter((image) =>
      image.startsWith('livekit/livekit-server'),
    );
    expect(new Set(images)).toEqual(new Set([`livekit/livekit-server:v${VERSION}`]));
  });

  it('give a worker the time that its calls need when it is told to end', () => {
    const longest = Number(/`MAX_SESSION_MS` +\| `(\d+)`/.exec(readFileSync(join(ROOT, 'docs/configuration.md'), 'utf8'))?.[1]) / 1_000;
    const worker = kubernetes.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'room-worker');
    expect(worker.spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThan(longest);
    expect(Number.parseInt(compose.services['room-worker-1'].stop_grace_period) * 60).toBeGreaterThan(longest);
  });

  it('have no secret in them', () => {
    const values = [...files, '.env.example'].flatMap((file) => {
      const text = read(file).replace(/\$\{[^}]*\}/g, '');
      return [...text.matchAll(/(?:secret|token|api_key)[=:] *'?([^\s'},]*)/gi)].map(([, value]) => value);
    });
    // `parley` is the public half of the key; the others are commands that make secrets, or stand for them.
    expect(values.filter((value) => !['', 'parley', '$(openssl', '...'].includes(value))).toEqual([]);
    expect(values.length).toBeGreaterThan(5);
  });

  it('ask Compose for every variable that deploy/.env has to bring', () => {
    const offered = new Set([...read('.env.example').matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name));
    const asked = new Set([...read('compose.yaml').matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name));
    expect(offered).toEqual(asked);
  });

  it('build the programs that the project builds, and publish no port of the inside', () => {
    expect(read('Dockerfile')).toMatch(/nx run-many -t build -p api,web,room-worker/);
    const published = Object.entries(compose.services).flatMap(([name, { ports = [] }]) =>
      ports.map((/** @type {string} */ port) => `${name} ${port}`),
    );
    expect(published).toEqual(['proxy 80:80', 'livekit 7882:7882/udp']);
  });
});
