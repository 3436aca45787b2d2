import {
  DEFAULT_AGENT_ID,
  type ElevenLabsFault,
  type Recogniser,
  ScriptedRecogniser,
  type Simulator,
  startSimulator,
  type Synthesiser,
  ToneSynthesiser,
} from '@parley/simulator';
import type { ErrorCode } from '@parley/protocol';
import { eventually } from '@parley/testing';
import { webmRecording } from '@parley/testing/client';
import { FakeProviders } from '@parley/engine/testing';
import { LoudnessRecogniser, LoudnessSynthesiser, RecordingLogger, testSettings } from '@parley/server/testing';
import { type TestClient, TestServer } from '../testing/test-server';

const LATENCY = { sttFinalMs: 20, llmFirstTokenMs: 5, llmTokenGapMs: 2, ttsFirstChunkMs: 10, jitter: 0 };
const PATH = '/ws/agent';
const SECRET = 'a-secret-key';

/** Runs the whole server with the agent of the simulator. */
describe('the agent engine', () => {
  let logger: RecordingLogger;
  let recogniser: ScriptedRecogniser;
  let simulator: Simulator;
  let server: TestServer;

  async function start(
    environment: Record<string, string> = {},
    agentId = 'quiet',
    speech: { recogniser?: Recogniser; synthesiser?: Synthesiser } = {},
  ): Promise<void> {
    recogniser = new ScriptedRecogniser();
    simulator = await startSimulator({
      recogniser,
      synthesiser: new ToneSynthesiser(),
      ...speech,
      latency: LATENCY,
      agents: [
        { id: 'quiet', firstMessage: '', public: false, outputFormat: 'pcm_24000' },
        { id: 'strict', firstMessage: '', overrides: [] },
      ],
    });
    const settings = testSettings({
      ELEVENLABS_API_KEY: SECRET,
      ELEVENLABS_BASE_URL: simulator.urls.elevenLabs,
      ELEVENLABS_AGENT_ID: agentId,
      ...environment,
    });
    server = await TestServer.start(new FakeProviders({ tts: () => ({ msPerCharacter: 5 }) }).asProviders(), logger, settings);
  }

  beforeEach(() => (logger = RecordingLogger.install()));
  afterEach(async () => {
    await server.close();
    await eventually(() => simulator.counters.agents.socketsOpen === 0, 'the agent’s sockets are gone');
    await simulator.close();
    expect(logger.text).not.toContain(SECRET);
    logger.restore();
  });

  const chunk = (pcm: Int16Array) => ({
    type: 'audio_chunk',
    format: 'audio/pcm;rate=16000',
    data: Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength).toString('base64'),
  });

  const webm = (bytes: Uint8Array) => ({ type: 'audio_chunk', format: 'audio/webm', data: Buffer.from(bytes).toString('base64') });

  const pcmOf = (base64: string): Int16Array => {
    const bytes = Buffer.from(base64, 'base64');
    return Int16Array.from({ length: bytes.length / 2 }, (_, i) => bytes.readInt16LE(2 * i));
  };

  /** Sends one second of a sound of this loudness in chunks of 100 ms, and then silence. */
  function speak(client: TestClient, loudness = 8_000): void {
    const tone = Int16Array.from({ length: 16_000 }, (_, i) => Math.round(loudness * Math.sin((2 * Math.PI * 250 * i) / 16_000)));
    for (const pcm of [new Int16Array(6_400), tone, new Int16Array(16_000)])
      for (let from = 0; from < pcm.length; from += 1_600) client.say(chunk(pcm.slice(from, from + 1_600)));
  }

  async function gauge(name: string): Promise<number> {
    const text = await (await fetch(`${server.origin}/metrics`)).text();
    return Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${name} `))
        ?.slice(name.length + 1),
    );
  }

  /** The values of all metrics lines that begin with this text. */
  async function counts(prefix: string): Promise<number[]> {
    const text = await (await fetch(`${server.origin}/metrics`)).text();
    return text
      .split('\n')
      .filter((line) => line.startsWith(prefix))
      .map((line) => Number(line.slice(line.lastIndexOf(' ') + 1)));
  }

  it('serves a simple client that connects, sends audio, hears the answer and ends the conversation', async () => {
    await start();
    recogniser.expect('repeat after me good morning');
    const client = await server.connect({}, PATH);
    const started = await client.hears('conversation_started');
    expect(started).toMatchObject({ engine: 'agent', providers: { agent: { name: 'elevenlabs', simulated: false } } });
    speak(client);
    await eventually(() => client.of('audio_response').some(({ is_final }) => is_final), 'the end of the answer');
    client.say({ type: 'heartbeat' });
    await client.hears('heartbeat');
    client.say({ type: 'end_conversation' });
    expect(await client.closed()).toBe(1000);

    const kinds = client.messages.map(({ type }) => type).filter((type, i, all) => type !== all[i - 1]);
    expect(kinds.slice(0, 3)).toEqual(['connection_established', 'conversation_started', 'state']);
    expect(kinds).toContain('heartbeat');
    expect(kinds.slice(-2)).toEqual(['state', 'conversation_ended']);
    expect(client.of('transcript').at(-1)).toMatchObject({ turn: 1, is_final: true });
    expect(client.of('text_response')).toEqual([
      { type: 'text_response', turn: 1, text: 'Good morning.', is_final: true, full_text: 'Good morning.' },
    ]);
    const audio = client.of('audio_response');
    expect(audio.map(({ seq }) => seq)).toEqual(audio.map((_, i) => i));
    const bytes = audio.reduce((sum, { data }) => sum + Buffer.from(data, 'base64').length, 0);
    expect(bytes / 48).toBeGreaterThan(700);
    expect(await gauge('parley_agent_conversations')).toBe(0);
  });

  it('counts the turns, interruptions and failures of its conversations in the same metrics as the pipeline', async () => {
    await start();
    const client = await server.connect({}, PATH);
    client.say({ type: 'text_message', text: 'repeat after me good morning' });
    await eventually(() => client.of('audio_response').some(({ is_final }) => is_final), 'the end of the answer');
    client.say({ type: 'text_message', text: 'repeat after me once upon a time there was a parrot who was silent in four languages' });
    await eventually(() => client.of('state').some(({ state, turn }) => state === 'AI_SPEAKING' && turn > 1), 'the second answer');
    client.say({ type: 'interrupt' });
    await client.hears('interruption');
    simulator.faults.inject({
      vendor: 'elevenlabs',
      endpoint: 'agent-conversation',
      at: 'work',
      fault: { kind: 'close', code: 1008, afterFrames: 1 },
    });
    client.say({ type: 'text_message', text: 'repeat after me hello' });
    expect(await client.closed()).toBe(1011);
    const errors = client.of('error').map(({ fatal }) => fatal);
    expect(await gauge('parley_interruptions_total{reason="button"}')).toBe(1);
    expect(await gauge('parley_turns_total{outcome="interrupted"}')).toBe(client.of('interruption').length);
    expect(await gauge('parley_turns_total{outcome="abandoned"}')).toBe(0);
    expect((await counts('parley_turns_total')).reduce((sum, count) => sum + count)).toBe(3);
    expect((await counts('parley_stage_failures_total{stage="agent"')).reduce((sum, count) => sum + count)).toBe(errors.length);
  });

  it('keeps the text and the audio of fifty simultaneous conversations apart', async () => {
    const names = Array.from({ length: 50 }, (_, i) => `bird ${'abcdefghij'[i % 10]}${'klmno'[Math.floor(i / 10)]}`);
    const loudness = (index: number): number => 2_000 + 200 * index;
    const indexOf = (level: number): number => Math.round((level - loudness(0)) / 200);
    await start({ AGENT_WARM_SESSIONS: '5' }, 'quiet', {
      recogniser: new LoudnessRecogniser((level) => `repeat after me ${names[indexOf(level)] ?? 'nobody'}`),
      synthesiser: new LoudnessSynthesiser((text) => loudness(names.findIndex((name) => text.toLowerCase().includes(name)))),
    });
    const clients: TestClient[] = [];
    // The conversations are started one after the other, because the agent has only a few seconds to answer a call.
    for (const [i] of names.entries()) {
      clients.push(await server.connect({}, PATH));
      await eventually(() => simulator.counters.agents.conversationsOpen === i + 1, 'the agent to answer');
    }
    clients.forEach((client, i) => speak(client, loudness(i)));
    const isAnswered = (client: TestClient): boolean => client.of('audio_response').some(({ is_final }) => is_final);
    await eventually(() => clients.every(isAnswered), 'all answers');
    clients.forEach((client, i) => {
      expect(client.of('transcript').at(-1)).toMatchObject({ text: `Repeat after me ${names[i]}.`, is_final: true });
      expect(client.of('text_response').map(({ full_text }) => full_text?.toLowerCase())).toEqual([`${names[i]}.`]);
      const heard = client.of('audio_response').flatMap(({ data }) => [...pcmOf(data)]);
      expect([i, new Set(heard)]).toEqual([i, new Set([loudness(i)])]);
      expect(heard.length / 24).toBeGreaterThan(400);
      expect(client.of('error')).toEqual([]);
    });
    expect(await gauge('parley_agent_conversations')).toBe(50);
    expect(await gauge('parley_agent_warm_hits_total')).toBeGreaterThan(0);
    for (const client of clients) client.say({ type: 'end_conversation' });
    await Promise.all(clients.map((client) => client.closed()));
    expect(await gauge('parley_agent_conversations')).toBe(0);
  }, 30_000);

  it('answers each kind of invalid input with its own error code, and does not disturb the other clients', async () => {
    await start();
    recogniser.expect('repeat after me good morning');
    const [, ...middle] = webmRecording('clean-time');
    const base = { type: 'audio_chunk', format: 'audio/pcm;rate=16000' };
    const mistakes: readonly (readonly [what: string, messages: readonly object[], code: ErrorCode])[] = [
      ['oversized', [chunk(new Int16Array(32_001))], 'invalid_audio'],
      ['not base64', [{ ...base, data: '*'.repeat(64) }], 'invalid_audio'],
      ['an unsupported format', [{ ...base, format: 'audio/flac', data: 'AAAA' }], 'unsupported_format'],
      ['a recording without its beginning', middle.slice(0, 2).map((bytes) => webm(bytes)), 'invalid_audio'],
      ['a second start of the same conversation', [{ type: 'start_conversation', engine: 'agent' }], 'already_started'],
      ['a flood of messages', Array.from({ length: 400 }, () => ({ type: 'heartbeat' })), 'rate_limited'],
      ['a flood of audio', Array.from({ length: 60 }, () => chunk(new Int16Array(32_000))), 'rate_limited'],
    ];
    const good = await server.connect({}, PATH);
    const clients = await Promise.all(mistakes.map(() => server.connect({}, PATH)));
    const tooLong = await server.connect({}, PATH);
    await Promise.all([good, tooLong, ...clients].map((client) => client.hears('state')));
    speak(good);
    mistakes.forEach(([, messages], i) => messages.forEach((message) => clients[i].say(message)));
    tooLong.say({ ...base, data: 'A'.repeat(1_048_577) });

    expect(await tooLong.closed()).toBe(1009);
    await Promise.all(clients.map((client) => client.hears('error')));
    await eventually(() => good.of('audio_response').some(({ is_final }) => is_final), 'the answer');
    expect(good.of('text_response')).toMatchObject([{ full_text: 'Good morning.' }]);
    expect(good.of('error')).toEqual([]);
    mistakes.forEach(([what, , code], i) => {
      const errors = clients[i].of('error').map((error) => [error.code, error.fatal]);
      expect([what, new Set(errors.map(String))]).toEqual([what, new Set([`${code},false`])]);
    });
    // The conversations of the misbehaving clients continue as well, except for the one that was cut off.
    expect(clients.map(({ closeCode }) => closeCode)).toEqual(clients.map(() => undefined));
    expect(await gauge('parley_agent_conversations')).toBe(clients.length + 1);
  });

  it('continues the conversation after the agent was lost in the middle of a turn', async () => {
    await start();
    const client = await server.connect({}, PATH);
    client.say({ type: 'text_message', text: 'my name is michael' });
    await client.hears('text_response');
    simulator.faults.inject({
      vendor: 'elevenlabs',
      endpoint: 'agent-conversation',
      at: 'work',
      fault: { kind: 'reset', afterFrames: 0 },
    });
    client.say({ type: 'text_message', text: 'repeat after me hello' });
    await eventually(() => client.of('text_response').some(({ full_text }) => full_text === 'Hello.'), 'the answer');
    expect(client.of('error')).toEqual([
      { type: 'error', code: 'agent_failed', message: expect.any(String), fatal: false, stage: 'agent' },
    ]);
    expect(simulator.counters.agents.contextUpdates.at(-1)).toContain('my name is michael');
    expect(simulator.counters.agents.conversations).toBe(2);
  });

  it('reports the cause when the agent does not accept the conversation', async () => {
    await start({ AGENT_OVERRIDES: 'voice' }, 'strict');
    const client = await server.connect({}, `${PATH}?voice_id=alice`);
    expect(await client.hears('error')).toMatchObject({ code: 'agent_failed', message: expect.stringContaining('AGENT_OVERRIDES') });
    await eventually(() => client.closeCode === 1011, 'the end');
    expect(client.of('error').at(-1)).toMatchObject({ code: 'agent_failed', fatal: true });
    expect(client.of('conversation_ended')).toEqual([{ type: 'conversation_ended', reason: 'error' }]);
  });

  it.each<[string, ElevenLabsFault, 'goes on' | 'ends']>([
    ['1002', { kind: 'close', code: 1002, afterFrames: 1 }, 'goes on'],
    ['1006', { kind: 'drop', afterFrames: 1 }, 'goes on'],
    ['1008', { kind: 'close', code: 1008, afterFrames: 1 }, 'ends'],
    ['1011', { kind: 'close', code: 1011, afterFrames: 1 }, 'goes on'],
    ['3000', { kind: 'close', code: 3000, afterFrames: 1 }, 'ends'],
    ['4001', { kind: 'close', code: 4001, afterFrames: 1 }, 'goes on'],
    ['1002 after an LLM timeout', { kind: 'agent-error', errorType: 'llm_timeout', afterFrames: 1 }, 'goes on'],
    ['1002 after a used-up quota', { kind: 'quota-kill', afterFrames: 1 }, 'ends'],
    ['nothing but garbage', { kind: 'garbage', afterFrames: 1 }, 'goes on'],
  ])('continues or ends the conversation, depending on the cause, after a close with %s', async (_name, fault, outcome) => {
    await start();
    const client = await server.connect({}, PATH);
    simulator.faults.inject({ vendor: 'elevenlabs', endpoint: 'agent-conversation', at: 'work', fault });
    client.say({ type: 'text_message', text: 'repeat after me hello' });
    await client.hears('error');
    if (outcome === 'goes on') {
      const heard = () => client.of('audio_response').some(({ is_final }) => is_final);
      await eventually(heard, 'the answer');
      expect(client.of('error')).toMatchObject([{ code: 'agent_failed', fatal: false }]);
    } else {
      expect(await client.closed()).toBe(1011);
      expect(client.of('error').at(-1)).toMatchObject({ code: 'agent_failed', fatal: true });
      expect(client.messages.at(-1)).toEqual({ type: 'conversation_ended', reason: 'error' });
      expect(simulator.counters.agents.conversations).toBe(1);
    }
  });

  it('treats a reply as one turn although the agent pauses in the middle of it', async () => {
    await start();
    const client = await server.connect({}, PATH);
    const fault: ElevenLabsFault = { kind: 'pause-in-speech', pauseMs: 1_900 };
    simulator.faults.inject({ vendor: 'elevenlabs', endpoint: 'agent-conversation', at: 'work', fault });
    client.say({ type: 'text_message', text: 'repeat after me once upon a time there was a parrot who was silent in four languages' });
    await eventually(() => client.of('audio_response').some(({ is_final }) => is_final), 'the end of the answer');
    expect(new Set(client.of('audio_response').map(({ turn }) => turn))).toEqual(new Set([1]));
    expect(client.of('state').map(({ state, turn }) => `${state} ${turn}`)).toEqual([
      'USER_SPEAKING 1',
      'AI_PROCESSING 1',
      'AI_SPEAKING 1',
    ]);
  }, 30_000);

  it('requests no override that the agent does not allow', async () => {
    await start({}, 'strict');
    const client = await server.connect({}, `${PATH}?voice_id=alice&language=hi-IN`);
    client.say({ type: 'text_message', text: 'repeat after me hello' });
    expect(await client.hears('text_response')).toMatchObject({ full_text: 'Hello.' });
  });

  it('tells the agent the time of this server, and ends the conversation after the agent has said goodbye', async () => {
    await start({}, DEFAULT_AGENT_ID);
    const client = await server.connect({}, PATH);
    expect(await client.hears('text_response')).toMatchObject({ turn: 1, full_text: expect.stringContaining('Hello') });
    client.say({ type: 'text_message', text: 'what time is it' });
    await eventually(() => client.of('text_response').some(({ full_text }) => full_text?.startsWith('The time is')), 'the time');
    client.say({ type: 'text_message', text: 'goodbye' });
    await eventually(() => client.closeCode === 1000, 'the end');
    expect(client.of('interruption').map(({ reason }) => reason)).toEqual(expect.arrayContaining(['text']));
    expect(client.of('conversation_ended')).toEqual([{ type: 'conversation_ended', reason: 'client' }]);
  });

  it('ends every conversation in an orderly way when the server shuts down', async () => {
    await start();
    const clients = await Promise.all([server.connect({}, PATH), server.connect({}, PATH)]);
    await Promise.all(clients.map((client) => client.hears('state')));
    await server.app.close();
    for (const client of clients) {
      expect(await client.closed()).toBe(1001);
      expect(client.of('conversation_ended')).toEqual([{ type: 'conversation_ended', reason: 'server_shutdown' }]);
    }
  });
});
