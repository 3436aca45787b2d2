import { eventually, FakeTextToSpeech, FakeVoiceAgent } from '@parley/testing';
import { FakeProviders, startVirtualTime, stageProvidersOf } from '@parley/engine/testing';
import { ProviderSwitches } from '@parley/server';
import { providersWithFallbacks, RecordingLogger, testSettings } from '@parley/server/testing';
import { TestServer } from '../testing/test-server';
import { webmRecording } from '@parley/testing/client';
import { ConnectionRegistry } from '../transports/websocket/connection-registry';
import { InputMeter } from '../transports/websocket/input/input-meter';
import { ConfigController } from './config.controller';
import { VERSION } from './version';

const SECRETS = {
  SARVAM_API_KEY: 'secret-sarvam',
  OPENAI_API_KEY: 'secret-openai',
  ELEVENLABS_API_KEY: 'secret-eleven',
  LIVEKIT_API_SECRET: 'secret-livekit',
  SYSTEM_PROMPT: 'secret prompt',
};

describe('the operations endpoints', () => {
  let logger: RecordingLogger;
  let fakes: FakeProviders;
  let server: TestServer;

  beforeAll(async () => {
    logger = RecordingLogger.install();
    fakes = new FakeProviders();
    const providers = fakes.asProviders({ stt: false });
    server = await TestServer.start(
      { ...providers, stt: { ...providers.stt, detail: 'Install something.' } },
      logger,
      testSettings({ ...SECRETS, END_OF_TURN_SILENCE_MS: '700' }),
    );
  });
  afterAll(async () => {
    await server.close();
    logger.restore();
  });

  const get = (path: string): Promise<Response> => fetch(`${server.origin}${path}`);
  async function gauge(name: string): Promise<number> {
    const text = await (await get('/metrics')).text();
    return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  }

  it('report that the process is alive and that it is ready', async () => {
    expect(await (await get('/api/health')).json()).toEqual({ status: 'ok' });
    const ready = await get('/api/ready');
    expect([ready.status, await ready.json()]).toEqual([200, { ready: true }]);
  });

  it('give the page the configuration that it needs, without any secret', async () => {
    const response = await get('/api/config');
    const text = await response.text();
    expect(JSON.parse(text)).toEqual({
      product: 'Parley',
      version: VERSION,
      protocol: 1,
      engines: ['pipeline', 'agent'],
      stages: {
        stt: { ...fakes.stt.info, available: false, detail: 'Install something.' },
        llm: { ...fakes.llm.info, available: true },
        tts: { ...fakes.tts.info, available: true },
      },
      agent: { name: 'elevenlabs', simulated: true, available: true, detail: expect.stringContaining('ELEVENLABS_AGENT_ID') },
      voices: [{ id: 'fake-voice', name: 'Fake' }],
      languages: expect.arrayContaining([{ code: 'en-IN', name: 'English' }]),
      timing: { end_of_turn_silence_ms: 700, interrupt_confirm_ms: 200, inactivity_timeout_ms: 60_000 },
      audio: { input_sample_rate: 16_000, output_sample_rate: 24_000, frame_ms: 20 },
      rooms: {
        ...{ available: false, assistant_name: 'Parley', recording: false, open: false },
        detail: 'There are no rooms on this server: they need a LiveKit server, and LIVEKIT_URL and LIVEKIT_API_KEY are not set.',
      },
      session_token: false,
    });
    expect(text).not.toContain('secret');
  });

  it('report the number of connections, conversations, streams and timers', async () => {
    const gauges = async (): Promise<number[]> =>
      Promise.all(['parley_connections', 'parley_sessions', 'parley_open_streams', 'parley_turn_timers'].map(gauge));
    expect(await gauges()).toEqual([0, 0, 0, 0]);
    const client = await server.connect();
    client.say({ type: 'start_conversation' });
    await client.hears('state');
    expect(await gauges()).toEqual([1, 1, 0, 1]);
    expect(await Promise.all(['none', 'pipeline', 'agent'].map((name) => gauge(`parley_connections_by_engine{engine="${name}"}`)))).toEqual(
      [0, 1, 0],
    );
    expect(await Promise.all(['parley_openings', 'parley_openings_waiting'].map(gauge))).toEqual([0, 0]);
    client.say({ type: 'end_conversation' });
    await client.closed();
    await eventually(() => client.closeCode === 1000, 'the close');
    expect(await gauges()).toEqual([0, 0, 0, 0]);
  });

  it('count turns by their outcome', async () => {
    const abandoned = 'parley_turns_total\\{outcome="abandoned"\\}';
    expect(await gauge(abandoned)).toBe(0);
    const client = await server.connect();
    client.say({ type: 'start_conversation' });
    await client.hears('state');
    client.say({ type: 'text_message', text: 'What time is it?' });
    await client.hears('text_response');
    client.say({ type: 'end_conversation' });
    await client.closed();
    expect(await gauge(abandoned)).toBe(1);
  });

  it('report how many bytes clients saved by sending compressed audio', async () => {
    const client = await server.connect();
    client.say({ type: 'start_conversation' });
    const [chunk] = webmRecording('clean-time');
    client.say({ type: 'audio_chunk', format: 'audio/webm', data: chunk.toString('base64') });
    await eventually(() => server.app.get(InputMeter, { strict: false }).compressedBytes > 0, 'the chunk');
    expect(await gauge('parley_compressed_input_bytes_total')).toBe(chunk.length);
    expect(await gauge('parley_compressed_input_pcm_bytes_total')).toBe(60 * 32);
  });

  it('count which provider was asked in place of which other provider', async () => {
    const switches = server.app.get(ProviderSwitches, { strict: false });
    switches.add('tts', { from: 'elevenlabs', to: 'simulated' });
    switches.add('tts', { from: 'elevenlabs', to: 'simulated' });
    expect(await gauge('parley_provider_switches_total\\{stage="tts",from="elevenlabs",to="simulated"\\}')).toBe(2);
    // The metrics are read twice, because a counter that adds up what it reads would have doubled by then.
    expect(await gauge('parley_provider_switches_total\\{stage="tts",from="elevenlabs",to="simulated"\\}')).toBe(2);
  });

  it('serve the metrics as Prometheus text, including those of the process itself', async () => {
    const response = await get('/metrics');
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const text = await response.text();
    expect(text).toContain('# TYPE parley_sessions gauge');
    expect(text).toMatch(/^process_cpu_seconds_total \d/m);
    expect(text).toMatch(/^nodejs_eventloop_lag_seconds /m);
  });

  it('answer requests for unknown paths with an error', async () => {
    expect((await get('/api/nothing')).status).toBe(404);
  });

  it('report during a shutdown that the process is alive but not ready', async () => {
    const other = await TestServer.start(new FakeProviders().asProviders(), logger);
    try {
      const client = await other.connect();
      // A client that does not close its connection gets two seconds.
      client.socket.pause();
      const closed = other.app.close();
      await eventually(() => other.app.get(ConnectionRegistry, { strict: false }).draining, 'the shutdown');
      const [ready, health] = await Promise.all(['ready', 'health'].map((path) => fetch(`${other.origin}/api/${path}`)));
      expect([ready.status, await ready.json()]).toEqual([503, { ready: false }]);
      expect(health.status).toBe(200);
      const late = await other.connect();
      expect(await late.closed()).toBe(1001);
      expect(late.messages).toEqual([]);
      client.socket.resume();
      await closed;
    } finally {
      await other.close();
    }
  });
});

const NO_ROOMS = { describe: async () => ({ available: false, assistant_name: 'Parley', recording: false, open: false }) };
const NO_AGENT = { port: new FakeVoiceAgent(), available: false };

describe('ConfigController', () => {
  let logger: RecordingLogger;
  beforeEach(() => {
    logger = RecordingLogger.install();
    startVirtualTime();
  });
  afterEach(() => {
    jest.useRealTimers();
    logger.restore();
  });

  it('asks the provider for its voices only once', async () => {
    const { stt, llm } = new FakeProviders();
    const tts = new FakeTextToSpeech();
    const voices = jest.spyOn(tts, 'voices');
    const controller = new ConfigController(testSettings(), stageProvidersOf({ stt, llm, tts }), {}, NO_AGENT, NO_ROOMS);
    await controller.config();
    jest.advanceTimersByTime(3_600_000);
    expect((await controller.config()).voices).toEqual([{ id: 'fake-voice', name: 'Fake' }]);
    expect(voices).toHaveBeenCalledTimes(1);
  });

  it('asks for the voices once for any number of simultaneous requests, even when the provider does not answer', async () => {
    const { stt, llm } = new FakeProviders();
    const tts = new FakeTextToSpeech();
    const voices = jest.spyOn(tts, 'voices').mockRejectedValueOnce(new Error('the provider is down'));
    const controller = new ConfigController(testSettings(), stageProvidersOf({ stt, llm, tts }), {}, NO_AGENT, NO_ROOMS);
    const askedAtOnce = async (): Promise<number[]> => {
      const configs = await Promise.all(Array.from({ length: 200 }, () => controller.config()));
      return [...new Set(configs.map((config) => config.voices.length))];
    };
    expect(await askedAtOnce()).toEqual([0]);
    expect(await askedAtOnce()).toEqual([0]);
    expect(voices).toHaveBeenCalledTimes(1);
    expect(logger.lines).toHaveLength(1);
    jest.advanceTimersByTime(60_000);
    expect(await askedAtOnce()).toEqual([1]);
    expect(await askedAtOnce()).toEqual([1]);
    expect(voices).toHaveBeenCalledTimes(2);
  });

  it('offers only languages that the voice in use can speak', async () => {
    const { stt, llm } = new FakeProviders();
    const tts = Object.assign(new FakeTextToSpeech(), { speaks: (language: string) => ['en-IN', 'hi-IN'].includes(language) });
    const controller = new ConfigController(testSettings(), stageProvidersOf({ stt, llm, tts }), {}, NO_AGENT, NO_ROOMS);
    expect((await controller.config()).languages.map(({ code }) => code)).toEqual(['en-IN', 'hi-IN']);
  });

  it('lists the fallback providers of each stage', async () => {
    const [first, second] = [new FakeProviders(), new FakeProviders()];
    const controller = new ConfigController(
      testSettings(),
      providersWithFallbacks(first, [second], new ProviderSwitches()),
      {},
      NO_AGENT,
      NO_ROOMS,
    );
    const { stages } = await controller.config();
    expect(stages.stt).toEqual({
      ...first.stt.info,
      available: true,
      fallbacks: [second.stt.info],
      detail: 'If it fails: fallback 1.',
    });
    expect(stages.llm).toMatchObject({ fallbacks: [second.llm.info], detail: 'If it fails: the built-in demo.' });
  });

  it('returns no voices when the provider cannot list them, and asks again after a minute', async () => {
    const { stt, llm } = new FakeProviders();
    const tts = new FakeTextToSpeech();
    const voices = jest.spyOn(tts, 'voices').mockRejectedValueOnce(new Error('the provider is down'));
    const controller = new ConfigController(testSettings(), stageProvidersOf({ stt, llm, tts }), {}, NO_AGENT, NO_ROOMS);
    expect((await controller.config()).voices).toEqual([]);
    jest.advanceTimersByTime(59_000);
    expect((await controller.config()).voices).toEqual([]);
    expect(voices).toHaveBeenCalledTimes(1);
    jest.advanceTimersByTime(1_000);
    expect((await controller.config()).voices).toHaveLength(1);
    expect(logger.lines).toHaveLength(1);
  });
});
