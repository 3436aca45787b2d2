import { ConversationClient, readGauge, RESOURCE_GAUGES, ServerProcess } from '@parley/testing/client';
import { useSharedServer } from './support/suite';

const server = useSharedServer();

const get = async (path: string, from = server.url): Promise<{ status: number; type: string; body: string }> => {
  const response = await fetch(`${from}${path}`);
  return { status: response.status, type: response.headers.get('content-type') ?? '', body: await response.text() };
};

describe('An operator of the server', () => {
  it('can ask whether it is alive and whether it accepts conversations', async () => {
    const health = await get('/api/health');
    const ready = await get('/api/ready');
    expect([health.status, JSON.parse(health.body)]).toEqual([200, { status: 'ok' }]);
    expect([ready.status, JSON.parse(ready.body)]).toEqual([200, { ready: true }]);
  });

  it.each(['/', '/assistant'])('gets the page at %s', async (route) => {
    const { status, type } = await get(route);
    expect([status, type]).toEqual([200, expect.stringContaining('text/html')]);
  });

  it.each(['/missing.js', '/api/missing'])('gets 404 for %s instead of the page', async (path) => {
    const { status, type } = await get(path);
    expect([status, type]).toEqual([404, expect.stringContaining('application/json')]);
  });

  it('can read its resource usage as Prometheus text', async () => {
    const { status, type, body } = await get('/metrics');
    expect(status).toBe(200);
    expect(type).toMatch(/^text\/plain/);
    for (const gauge of RESOURCE_GAUGES) expect(readGauge(body, gauge)).toBe(0);
    expect(readGauge(body, 'process_resident_memory_bytes')).toBeGreaterThan(1_000_000);
  });

  it.concurrent('gets all configuration mistakes at once, with names but without values', async () => {
    const mistakes = {
      PORT: 'xq-port',
      SARVAM_BASE_URL: 'xq-no-address',
      OPENAI_BASE_URL: 'wss://xq-wrong-scheme.example',
      ELEVENLABS_VOICE_ID: 'xq/voice',
      INACTIVITY_TIMEOUT_MS: '-77007',
      INTERRUPT_CONFIRM_MS: 'xq-soon',
      PREEMPTIVE_GENERATION: 'xq-maybe',
      SIMULATOR_LATENCY: 'xq-warp',
      LOG_LEVEL: 'xq-loud',
    };
    const { exitCode, output } = await ServerProcess.runToExit({ ...mistakes, OPENAI_API_KEY: 'sk-xq-secret' });
    expect(exitCode).toBe(1);
    expect(Object.keys(mistakes).filter((name) => !output.includes(name))).toEqual([]);
    expect([...Object.values(mistakes), 'sk-xq-secret'].filter((value) => output.includes(value))).toEqual([]);
  });

  it.concurrent('gets an error when the port is in use', async () => {
    const { exitCode, output } = await ServerProcess.runToExit({ PORT: new URL(server.url).port, SIMULATOR_RECOGNISERS: '1' });
    expect(exitCode).toBe(1);
    expect(output).toMatch(/port/i);
  });
});

describe('The page', () => {
  it('is served from the same origin', async () => {
    const { status, type, body } = await get('/');
    expect([status, type]).toEqual([200, expect.stringMatching(/^text\/html/)]);
    expect(body).toMatch(/<script/);
  });

  it('is not served for an unknown path of the API', async () => {
    expect((await get('/api/nothing-here')).status).toBe(404);
  });

  it('can read its settings from /api/config', async () => {
    const { status, body } = await get('/api/config');
    const config: unknown = JSON.parse(body);
    const simulated = { name: expect.any(String), simulated: true, available: true, detail: expect.any(String) };
    expect(status).toBe(200);
    expect(config).toEqual({
      product: 'Parley',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      protocol: 1,
      engines: ['pipeline', 'agent'],
      stages: { stt: simulated, llm: simulated, tts: simulated },
      agent: simulated,
      voices: expect.arrayContaining([{ id: expect.any(String), name: expect.any(String) }]),
      languages: expect.arrayContaining([{ code: 'en-IN', name: 'English' }]),
      session_token: false,
      timing: { end_of_turn_silence_ms: 900, interrupt_confirm_ms: 200, inactivity_timeout_ms: 60_000 },
      audio: { input_sample_rate: 16_000, output_sample_rate: 24_000, frame_ms: 20 },
      rooms: {
        available: false,
        detail: expect.stringContaining('LIVEKIT_URL'),
        open: false,
        assistant_name: 'Parley',
        recording: false,
      },
    });
  });
});

describe('A page of another origin', () => {
  const readBy = async (origin: string, from: string): Promise<string | null> =>
    (await fetch(`${from}/api/config`, { headers: { origin } })).headers.get('access-control-allow-origin');

  it('can read the settings only where it may also connect', async () => {
    const listed = await ServerProcess.start({ ALLOWED_ORIGINS: 'https://App.example/, https://b.example', SIMULATOR_RECOGNISERS: '1' });
    try {
      expect(await readBy('https://app.example', listed.url)).toBe('https://app.example');
      expect(await readBy('https://elsewhere.example', listed.url)).toBeNull();
      const client = await ConversationClient.connect(listed.url, { origin: 'https://app.example' });
      await client.start();
      await client.close();
    } finally {
      await listed.stop();
    }
    expect(await readBy('https://app.example', server.url)).toBeNull();
  });
});

describe('A key', () => {
  const SECRETS = { SARVAM_API_KEY: 'xq-sarvam-secret', OPENAI_API_KEY: 'sk-xq-openai-secret', ELEVENLABS_API_KEY: 'xq-eleven-secret' };
  /** An address where nothing listens, so that the vendors cannot be reached. */
  const NOWHERE = {
    SARVAM_BASE_URL: 'http://127.0.0.1:9',
    OPENAI_BASE_URL: 'http://127.0.0.1:9/v1',
    ELEVENLABS_BASE_URL: 'http://127.0.0.1:9',
  };

  it.concurrent('changes the provider, and is never revealed', async () => {
    const keyed = await ServerProcess.start({ ...SECRETS, ...NOWHERE, LOG_LEVEL: 'debug' });
    try {
      const config = await get('/api/config', keyed.url);
      const live = expect.objectContaining({ simulated: false, available: true });
      expect(JSON.parse(config.body)).toMatchObject({ stages: { stt: live, llm: live, tts: live }, voices: [] });
      const public_ = [config.body, (await get('/metrics', keyed.url)).body, keyed.log()].join('\n');
      expect(Object.values(SECRETS).filter((secret) => public_.includes(secret))).toEqual([]);
    } finally {
      await keyed.stop();
    }
  });

  it.concurrent('of one vendor leaves the other stages on the simulator', async () => {
    const keyed = await ServerProcess.start({
      OPENAI_API_KEY: SECRETS.OPENAI_API_KEY,
      OPENAI_BASE_URL: NOWHERE.OPENAI_BASE_URL,
      SIMULATOR_RECOGNISERS: '1',
    });
    try {
      const { body } = await get('/api/config', keyed.url);
      expect(JSON.parse(body)).toMatchObject({
        stages: { stt: { simulated: true }, llm: { simulated: false }, tts: { simulated: true } },
      });
    } finally {
      await keyed.stop();
    }
  });
});
