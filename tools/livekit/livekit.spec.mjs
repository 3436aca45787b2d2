import { provideServer } from './build-server.mjs';
import { chooseWay, IMAGE } from './choose-way.mjs';
import { builtServer, findServer, goFits } from './server-program.mjs';
import { serverSettings } from './server-settings.mjs';

const yes = () => true;
const no = () => false;
const absent = /** @type {const} */ ({ path: undefined, problem: 'no LiveKit server found' });

describe('the LiveKit server of this machine', () => {
  const env = { PATH: '/usr/local/bin:/usr/bin', XDG_CACHE_HOME: '/cache' };

  it('is the program that LIVEKIT_SERVER_PATH names', () => {
    expect(findServer({ ...env, LIVEKIT_SERVER_PATH: '/opt/livekit' }, yes)).toEqual({ path: '/opt/livekit', from: 'LIVEKIT_SERVER_PATH' });
  });

  it('is reported as missing when LIVEKIT_SERVER_PATH is wrong, even if there is another one', () => {
    const found = findServer({ ...env, LIVEKIT_SERVER_PATH: '/opt/livekit' }, (file) => file !== '/opt/livekit');
    expect(found).toEqual({ path: undefined, problem: expect.stringContaining('/opt/livekit') });
  });

  it('is the one on the PATH rather than the one that was built here', () => {
    expect(findServer(env, yes)).toEqual({ path: '/usr/local/bin/livekit-server', from: 'the PATH' });
    expect(findServer(env, (file) => file.startsWith('/cache'))).toEqual({ path: builtServer(env), from: 'an earlier build' });
  });

  it('is reported as missing where there is none', () => {
    expect(findServer(env, no)).toEqual({ path: undefined, problem: expect.stringContaining('no LiveKit server found') });
    expect(findServer({}, no)).toEqual({ path: undefined, problem: expect.stringContaining('no LiveKit server found') });
  });

  it('is kept outside the checkout once it was built, under its version', () => {
    expect(builtServer({ XDG_CACHE_HOME: '/cache' })).toMatch(/^\/cache\/parley\/livekit-server-\d+\.\d+\.\d+$/);
    expect(builtServer({})).toMatch(/\/\.cache\/parley\/livekit-server-/);
  });
});

describe('which Go builds it', () => {
  it.each([
    ['go version go1.26.0 linux/amd64', true],
    ['go version go1.27rc1 darwin/arm64', true],
    ['go version go2.0 linux/amd64', true],
    ['go version go1.25.9 linux/amd64', false],
    ['go version go1.9 linux/amd64', false],
    ['', false],
  ])('%s: %s', (output, expected) => {
    expect(goFits(output)).toBe(expected);
  });
});

describe('the way to a server', () => {
  const program = { path: '/usr/bin/livekit-server', from: 'the PATH' };

  /** @type {[string, Partial<Parameters<typeof chooseWay>[0]>, string][]} */
  const cases = [
    ['the program that is there, whatever else could be done', { found: program, hasGo: yes, hasDocker: yes }, 'program'],
    ['a build where there is Go', { hasGo: yes, hasDocker: yes }, 'build'],
    ['the image where there is only Docker', { hasDocker: yes }, 'docker'],
    ['none where there is nothing', {}, 'none'],
    ['none with a wrong LIVEKIT_SERVER_PATH, which has to be corrected', { isNamed: true, hasGo: yes, hasDocker: yes }, 'none'],
  ];
  it.each(cases)('is %s', (_, machine, expected) => {
    expect(chooseWay({ found: absent, isNamed: false, hasGo: no, hasDocker: no, ...machine }).way).toBe(expected);
  });

  it('is described where there is none: a program, Go, Docker, or a server elsewhere', () => {
    const chosen = chooseWay({ found: absent, isNamed: false, hasGo: no, hasDocker: no });
    const advice = chosen.way === 'none' ? chosen.advice.join('\n') : '';
    for (const part of ['LIVEKIT_SERVER_PATH', 'Go 1.26', IMAGE, 'LIVEKIT_URL']) expect(advice).toContain(part);
  });
});

describe('building the server for the tests', () => {
  /** @param {{ found?: import('./server-program.mjs').FoundServer, canBuild?: boolean, works?: boolean }} machine */
  function provide({ found = absent, canBuild = true, works = true }) {
    /** @type {string[]} */
    const lines = [];
    let builds = 0;
    const build = () => {
      builds++;
      return works;
    };
    provideServer({ find: () => found, canBuild: () => canBuild, build, log: (line) => lines.push(line) });
    return { lines, builds };
  }

  it('is done where there is none, and says that it takes minutes', () => {
    expect(provide({})).toEqual({ builds: 1, lines: [expect.stringMatching(/building LiveKit server .* minutes/)] });
  });

  it('is not done where there is one, or where it cannot be done', () => {
    expect(provide({ found: { path: '/usr/bin/livekit-server', from: 'the PATH' } })).toEqual({ builds: 0, lines: [] });
    expect(provide({ canBuild: false })).toEqual({ builds: 0, lines: [] });
  });

  it('says when it failed', () => {
    expect(provide({ works: false }).lines.at(-1)).toContain('will not run');
  });
});

describe('the settings of a server for development', () => {
  /** @param {Record<string, string>} values */
  const read = (values) =>
    serverSettings(
      (name) => (values[name] === undefined ? undefined : { value: values[name] }),
      () => 'new-secret',
    );

  it('have a secret of their own where there are none, and say what to put into .env', () => {
    expect(read({})).toEqual({
      ports: { http: 7880, media: 7882 },
      apiKey: 'devkey',
      apiSecret: 'new-secret',
      webhookUrls: [expect.stringMatching(/^http:\/\/127\.0\.0\.1:3000\//)],
      envLines: ['LIVEKIT_URL=ws://127.0.0.1:7880', 'LIVEKIT_API_KEY=devkey', 'LIVEKIT_API_SECRET=new-secret'],
      areSet: false,
    });
  });

  it('are those that are there, so that nothing has to be changed at the next start', () => {
    const settings = read({ LIVEKIT_URL: 'ws://localhost:9000', LIVEKIT_API_KEY: 'key', LIVEKIT_API_SECRET: 'secret', PORT: '3100' });
    expect(settings).toMatchObject({ ports: { http: 9000, media: 9002 }, apiKey: 'key', apiSecret: 'secret', areSet: true });
    expect(settings.webhookUrls[0]).toContain(':3100/');
  });

  it('are refused when they name a server elsewhere, which needs no other one', () => {
    expect(() => read({ LIVEKIT_URL: 'wss://rooms.example.com' })).toThrow('wss://rooms.example.com');
    expect(() => read({ LIVEKIT_URL: 'wss://127.0.0.1:7880' })).toThrow('none has to be started');
  });
});
