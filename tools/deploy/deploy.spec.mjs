import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { VERSION } from '../livekit/server-program.mjs';
import { ROOT } from '../setup/paths.mjs';
import { missingSpeechPackages } from '../setup/system-packages.mjs';

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

const api = kubernetes.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'api');
const composedApi = ['compose.api.yaml', 'compose.api-redis.yaml'].flatMap((file) =>
  Object.entries(documents(file)[0].services)
    .filter(([name]) => name.startsWith('api'))
    .map(([name, service]) => ({ name: `${file} ${name}`, service })),
);
/** The names of the metrics that the code of the API registers; those of Node come from the library of the metrics. */
const METRICS = new Set([
  'nodejs_eventloop_lag_p99_seconds',
  ...['apps/api/src', 'libs/server/src'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
      .flatMap((file) => [...readFileSync(join(ROOT, folder, file), 'utf8').matchAll(/'(parley_\w+)'/g)].map(([, name]) => name)),
  ),
]);

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

  it('set only such variables for the servers without rooms', () => {
    expect(composedApi.map(({ name }) => name)).toEqual([
      'compose.api.yaml api',
      'compose.api-redis.yaml api-1',
      'compose.api-redis.yaml api-2',
    ]);
    for (const { service } of composedApi) expect(Object.keys(service.environment).filter((name) => !VARIABLES.has(name))).toEqual([]);
  });

  it('run the API without rights and on a read-only file system, of which only the data and what is temporary is written to', () => {
    for (const { service } of composedApi)
      expect(service).toMatchObject({ read_only: true, tmpfs: ['/tmp'], volumes: ['data:/data'], cap_drop: ['ALL'] });
    const [container] = api.spec.template.spec.containers;
    expect(api.spec.template.spec.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 });
    expect(container.securityContext).toMatchObject({ readOnlyRootFilesystem: true, allowPrivilegeEscalation: false });
    expect(container.volumeMounts.map((/** @type {any} */ { mountPath }) => mountPath)).toEqual(['/data', '/tmp']);
    const dockerfile = read('Dockerfile');
    expect(dockerfile).toMatch(/^ENV .*\bDATA_DIR=\/data\b/m);
    expect(dockerfile).toMatch(/^USER node$/m);
  });

  it('build images with what is needed at run time only, with speech, licences and a health check in them', () => {
    const stages = read('Dockerfile')
      .split(/^FROM /m)
      .slice(1);
    const stage = (/** @type {string} */ name) => stages.find((text) => text.split('\n')[0].endsWith(` AS ${name}`)) ?? '';
    expect(stages.every((text) => /^(node:24-bookworm-slim|base) AS /.test(text))).toBe(true);
    expect(stage('packages')).toMatch(/npm ci .*--omit=dev/);
    expect(stage('base')).toMatch(/COPY --from=packages \S+node_modules node_modules/);
    for (const name of missingSpeechPackages(
      () => false,
      () => false,
    ))
      expect(stage('base')).toContain(name);
    expect(stage('base')).toMatch(/COPY --from=build \S+\/shipped licences/);
    for (const name of ['api', 'room-worker']) expect(stage(name)).toMatch(/^HEALTHCHECK /m);
    expect(stages.filter((text) => /COPY \. \./.test(text))).toEqual([stage('build')]);
  });

  it('keep two servers of the API while one is replaced or a node is emptied, and start more by metrics that there are', () => {
    const of = (/** @type {string} */ wanted) => kubernetes.find(({ kind, metadata }) => kind === wanted && metadata.name === 'api');
    expect(of('PodDisruptionBudget').spec).toMatchObject({ maxUnavailable: 1, selector: { matchLabels: { app: 'api' } } });
    expect(api.spec.strategy.rollingUpdate).toEqual({ maxSurge: 1, maxUnavailable: 0 });
    const { minReplicas, metrics } = of('HorizontalPodAutoscaler').spec;
    expect(minReplicas).toBe(2);
    // A number of its own would undo what the autoscaler has decided whenever the file is applied.
    expect(api.spec.replicas).toBeUndefined();
    const names = metrics.map((/** @type {any} */ { pods }) => pods.metric.name);
    expect(names).toEqual(['parley_sessions', 'nodejs_eventloop_lag_p99_seconds']);
    expect(names.filter((/** @type {string} */ name) => !METRICS.has(name))).toEqual([]);
    const { lifecycle, startupProbe, readinessProbe, livenessProbe } = api.spec.template.spec.containers[0];
    expect([startupProbe, readinessProbe, livenessProbe].map((probe) => probe.httpGet.path)).toEqual([
      '/api/ready',
      '/api/ready',
      '/api/health',
    ]);
    expect(api.spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThan(lifecycle.preStop.sleep.seconds);
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
