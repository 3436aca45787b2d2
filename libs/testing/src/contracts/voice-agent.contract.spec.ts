import { ElevenLabsVoiceAgent, type ElevenLabsVoiceAgentOptions, type VoiceAgentEvent, type VoiceAgentSession } from '@parley/providers';
import { AGENT_ERROR_CODES, type AgentErrorType, type SimulatedAgentOptions, type Simulator } from '@parley/simulator';
import { FakeVoiceAgent, type FakeAgentSession } from '../lib/fake-voice-agent';
import { eventually } from '../lib/leak-check';
import type { OrderedRecogniser } from './ordered-recogniser';
import { injectFailure, startQuickSimulator } from './simulator-harness';
import { describeVoiceAgentContract } from './voice-agent-contract';

const QUIET: SimulatedAgentOptions = { id: 'quiet', firstMessage: '', public: false };

/** Sends a sound that a level detector takes for speech, and the silence that ends a turn. */
function utter(session: VoiceAgentSession): void {
  const tone = Int16Array.from({ length: 16_000 }, (_, i) => Math.round(8_000 * Math.sin((2 * Math.PI * 300 * i) / 16_000)));
  for (const pcm of [new Int16Array(6_400), tone, new Int16Array(16_000)]) session.pushAudio(pcm);
}

describeVoiceAgentContract('ElevenLabs', {
  failures: ['auth', 'rate_limited', 'drop', 'garbage'],
  makeHarness: async (failure) => {
    const { simulator, recogniser } = await startQuickSimulator({ agents: [QUIET], limits: { agentTypingMs: 20 } });
    if (failure === 'rate_limited') injectFailure(simulator, 'elevenlabs', failure);
    else if (failure && failure !== 'auth') {
      simulator.faults.inject({
        vendor: 'elevenlabs',
        endpoint: 'agent-conversation',
        at: 'work',
        fault: failure === 'drop' ? { kind: 'reset', afterFrames: 1 } : { kind: 'garbage', afterFrames: 1 },
      });
    }
    const agent = new ElevenLabsVoiceAgent({
      apiKey: failure === 'auth' ? 'bad' : 'good',
      baseUrl: simulator.urls.elevenLabs,
      agentId: 'quiet',
      simulated: true,
      overridable: [],
      random: () => 0,
    });
    return {
      agent,
      get openConnections() {
        return simulator.counters.agents.socketsOpen;
      },
      speak: (session, text) => {
        recogniser.hear(text);
        utter(session);
      },
      close: () => simulator.close(),
    };
  },
});

describeVoiceAgentContract('fake', {
  failures: ['auth', 'rate_limited', 'drop', 'garbage'],
  makeHarness: async (failure) => {
    const isRefused = failure === 'auth' || failure === 'rate_limited';
    const agent = new FakeVoiceAgent({ opening: () => (isRefused ? failure : 'opens') });
    const answer = (session: FakeAgentSession, said: string): void => {
      if (failure) return session.fail(failure === 'drop' ? 'connection_lost' : 'bad_response');
      const words = said.replace('repeat after me ', '');
      session.tell({ type: 'reply_text', text: `${words.charAt(0).toUpperCase()}${words.slice(1)}.` });
      session.speak(1_000);
    };
    agent.onSession = (session) => {
      session.onCall = (name, said) => {
        if (name === 'sendText') answer(session, String(said));
      };
    };
    return {
      agent,
      get openConnections() {
        return agent.openSessions;
      },
      speak: (session, text) => {
        utter(session);
        agent.session.tell({ type: 'user_transcript', text, isFinal: true });
        answer(agent.session, text);
      },
      close: () => Promise.resolve(),
    };
  },
});

/** Unusual behaviour that the vendor is known for, and how the adapter handles it. */
describe('ElevenLabs Agents quirks', () => {
  let simulator: Simulator;
  let recogniser: OrderedRecogniser;
  let agent: ElevenLabsVoiceAgent;
  let controller: AbortController;
  let events: VoiceAgentEvent[];

  beforeEach(() => {
    controller = new AbortController();
    events = [];
  });
  afterEach(async () => {
    controller.abort();
    agent.close();
    await simulator.close();
  });

  async function create(own: Partial<SimulatedAgentOptions> = {}, options: Partial<ElevenLabsVoiceAgentOptions> = {}): Promise<void> {
    ({ simulator, recogniser } = await startQuickSimulator({ agents: [{ ...QUIET, ...own }] }));
    agent = new ElevenLabsVoiceAgent({
      apiKey: 'good',
      baseUrl: simulator.urls.elevenLabs,
      agentId: 'quiet',
      simulated: true,
      overridable: ['prompt', 'firstMessage', 'language', 'voiceId'],
      ...options,
    });
  }

  async function open(overrides = {}): Promise<VoiceAgentSession> {
    const session = await agent.open({ overrides, outputSampleRateHz: 24_000 }, (event) => events.push(event), controller.signal);
    if (!session) throw new Error('the session was given up');
    return session;
  }

  const of = <Type extends VoiceAgentEvent['type']>(type: Type) =>
    events.filter((event): event is Extract<VoiceAgentEvent, { type: Type }> => event.type === type);
  const ended = () => eventually(() => of('ended').length > 0, 'the end');
  const audioMs = () => of('audio').reduce((ms, { pcm }) => ms + pcm.length / 24, 0);

  const CODES: Record<number, string> = { 1002: 'unavailable', 1008: 'invalid_request', 1011: 'unavailable' };
  const TIMEOUTS: readonly string[] = ['llm_timeout', 'transport_receive_timeout', 'asyncio_timeout'];
  const ERROR_TYPES = Object.entries(AGENT_ERROR_CODES) as [AgentErrorType, number][];

  it.each(ERROR_TYPES.filter(([errorType]) => errorType !== 'max_duration_exceeded'))(
    'ends with the right error for %s, close %i',
    async (errorType, closeCode) => {
      await create();
      simulator.faults.inject({
        vendor: 'elevenlabs',
        endpoint: 'agent-conversation',
        at: 'work',
        fault: { kind: 'agent-error', errorType, afterFrames: 1 },
      });
      (await open()).sendText('repeat after me hello');
      await ended();
      const code = TIMEOUTS.includes(errorType) ? 'timeout' : errorType === 'safety_violation' ? 'invalid_request' : CODES[closeCode];
      expect(of('ended')).toMatchObject([{ by: 'failure', error: { code } }]);
    },
  );

  it.each([
    [1001, 'connection_lost'],
    [1002, 'unavailable'],
    [1008, 'invalid_request'],
    [1009, 'invalid_request'],
    [1011, 'unavailable'],
    [3000, 'auth'],
    [4001, 'connection_lost'],
  ])('reports the close code %i without an error frame', async (closeCode, code) => {
    await create();
    simulator.faults.inject({
      vendor: 'elevenlabs',
      endpoint: 'agent-conversation',
      at: 'work',
      fault: { kind: 'close', code: closeCode, afterFrames: 1 },
    });
    (await open()).sendText('repeat after me hello');
    await ended();
    expect(of('ended')).toMatchObject([{ by: 'failure', error: { code } }]);
  });

  it('reports a used-up quota, whose frame has no envelope', async () => {
    await create();
    simulator.faults.inject({
      vendor: 'elevenlabs',
      endpoint: 'agent-conversation',
      at: 'work',
      fault: { kind: 'quota-kill', afterFrames: 1 },
    });
    (await open()).sendText('repeat after me hello');
    await ended();
    expect(of('ended')).toMatchObject([{ by: 'failure', error: { code: 'quota', retryable: false } }]);
  });

  it('ends without a failure at the maximum duration', async () => {
    await create({ maxDurationMs: 50 });
    await open();
    await ended();
    expect(of('ended')).toEqual([{ type: 'ended', by: 'agent' }]);
  });

  it('reports overrides that the agent does not allow', async () => {
    await create({ overrides: [] });
    await expect(open({ firstMessage: 'Hi.' })).rejects.toMatchObject({ code: 'invalid_request', retryable: false });
  });

  it('speaks a first message given for this conversation', async () => {
    await create({ firstMessage: 'Hello there.' });
    await open({ firstMessage: 'Good morning.' });
    await eventually(() => audioMs() > 500, 'audio');
    expect(of('reply_text')).toEqual([{ type: 'reply_text', text: 'Good morning.' }]);
  });

  it.each([
    ['pcm_8000', 'pcm_24000'],
    ['pcm_16000', 'pcm_16000'],
    ['pcm_48000', 'pcm_44100'],
    ['ulaw_8000', 'ulaw_8000'],
  ] as const)('converts input to %s and output from %s', async (inputFormat, outputFormat) => {
    await create({ inputFormat, outputFormat });
    const session = await open();
    recogniser.hear('repeat after me good morning everyone');
    utter(session);
    const expectedMs = ('Good morning everyone.'.length * 1_000) / 15;
    await eventually(() => audioMs() > expectedMs * 0.97, 'all audio');
    expect(audioMs()).toBeLessThan(expectedMs * 1.03);
    expect(of('user_transcript').at(-1)).toMatchObject({ isFinal: true });
  });

  it('drops late audio of an interrupted reply, with event ids below and equal to the interruption’s', async () => {
    await create();
    simulator.faults.inject({ vendor: 'elevenlabs', endpoint: 'agent-conversation', at: 'work', fault: { kind: 'late-audio' } });
    const session = await open();
    session.sendText('tell me a long story');
    await eventually(() => of('audio').length > 0, 'audio');
    session.sendText('repeat after me stop');
    await eventually(() => of('reply_text').length === 2, 'the next answer');
    const types = events.map(({ type }) => type);
    const between = types.slice(types.indexOf('interrupted'), types.lastIndexOf('reply_text'));
    expect(between.filter((type) => type === 'audio')).toEqual([]);
    expect(between).toContain('reply_corrected');
  });

  it('reports a duplicate final once', async () => {
    await create();
    simulator.faults.inject({ vendor: 'elevenlabs', endpoint: 'agent-conversation', at: 'work', fault: { kind: 'duplicate-final' } });
    const session = await open();
    recogniser.hear('repeat after me good morning');
    utter(session);
    await eventually(() => of('audio').length > 0, 'audio');
    expect(of('user_transcript').filter(({ isFinal }) => isFinal)).toHaveLength(1);
  });

  it.each([
    ['duplicates of every message but audio', 'duplicate-frames'],
    ['audio pieces that are all identical', 'identical-frames'],
  ] as const)('plays the whole reply once despite %s', async (_name, kind) => {
    await create();
    simulator.faults.inject({ vendor: 'elevenlabs', endpoint: 'agent-conversation', at: 'work', fault: { kind } });
    (await open()).sendText('repeat after me good morning everyone');
    const expectedMs = ('Good morning everyone.'.length * 1_000) / 15;
    await eventually(() => audioMs() > expectedMs * 0.97, 'all audio');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(audioMs()).toBeLessThan(expectedMs * 1.03);
    expect(of('reply_text').map(({ text }) => text)).toEqual(['Good morning everyone.']);
  });

  it('runs a client tool, whose result is in the answer', async () => {
    await create();
    const session = await open();
    session.sendText('what time is it');
    await eventually(() => of('tool_called').length > 0, 'the call');
    const [{ callId, name }] = of('tool_called');
    expect(name).toBe('get_current_time');
    session.toolResult({ callId, result: 'noon', isError: false });
    await eventually(() => of('reply_text').length > 0, 'the answer');
    expect(of('reply_text')[0].text).toBe('The time is noon.');
  });

  it('plays all audio of a goodbye before the end', async () => {
    await create();
    (await open()).sendText('goodbye');
    await ended();
    expect(events.findIndex(({ type }) => type === 'hanging_up')).toBeGreaterThan(-1);
    expect(audioMs()).toBeGreaterThan((of('reply_text')[0].text.length * 1_000) / 15 - 200);
    expect(of('ended')).toEqual([{ type: 'ended', by: 'agent' }]);
  });

  it('answers all pings', async () => {
    await create();
    await open();
    await eventually(() => simulator.counters.agents.pongs > 0, 'a pong');
    expect(simulator.counters.agents.pongs).toBe(simulator.counters.agents.pings);
  });

  it('uses each signed URL once, and replaces expired ones', async () => {
    ({ simulator, recogniser } = await startQuickSimulator({ agents: [QUIET], limits: { agentSignedUrlMs: 100 } }));
    agent = new ElevenLabsVoiceAgent({
      apiKey: 'good',
      baseUrl: simulator.urls.elevenLabs,
      agentId: 'quiet',
      simulated: true,
      overridable: [],
      warmSessions: 2,
    });
    agent.startWarming();
    await eventually(() => agent.warm.ready === 2, 'two addresses');
    await Promise.all([open(), open()]);
    await eventually(() => agent.warm.ready === 2, 'two more');
    await new Promise((resolve) => setTimeout(resolve, 120));
    // The vendor rejects these as expired although the pool still considers them fresh, so a new URL is signed.
    await open();
    expect(simulator.counters.agents.conversations).toBe(3);
    expect(agent.warm.hits).toBe(3);
  });
});
