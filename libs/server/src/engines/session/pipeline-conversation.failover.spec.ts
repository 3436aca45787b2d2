import type { ProviderErrorCode } from '@parley/providers';
import { type FakeProviderOptions, FakeProviders, pass, startVirtualTime, TestConversation } from '@parley/engine/testing';
import { providersWithFallbacks } from '../../testing/providers-with-fallbacks';
import { RecordingLogger } from '../../testing/recording-logger';
import { ProviderSwitches } from '../../providers/provider-switches';

type Stage = 'stt' | 'llm' | 'tts';
const STAGES: readonly Stage[] = ['stt', 'llm', 'tts'];
const ANSWER = 'It is three. Or four.';

/** A provider of this stage that always fails with this error. */
function failing(stage: Stage, code: ProviderErrorCode): FakeProviderOptions {
  switch (stage) {
    case 'stt':
      return { stt: () => ({ text: 'what time is it', failure: { code, at: 'final' } }) };
    case 'llm':
      return { llm: () => ({ tokens: [], failure: { code, afterTokens: 0 } }) };
    case 'tts':
      return { tts: () => ({ failure: { code, afterChunks: 0 } }) };
  }
}

/** A provider of this stage that never answers and has no watchdog. */
function hanging(stage: Stage): FakeProviderOptions {
  switch (stage) {
    case 'stt':
      return { stt: () => ({ text: 'what time is it', stalls: true }) };
    case 'llm':
      return { llm: () => 'manual' };
    case 'tts':
      return { tts: () => 'manual' };
  }
}

interface Setup {
  conversation: TestConversation;
  first: FakeProviders;
  second: FakeProviders;
  switches: ProviderSwitches;
}

async function converse(firstOptions: FakeProviderOptions, ...others: FakeProviders[]): Promise<Setup> {
  const first = new FakeProviders(firstOptions);
  const [second = new FakeProviders(), ...more] = others;
  const switches = new ProviderSwitches();
  const providers = providersWithFallbacks(first, [second, ...more], switches);
  return { conversation: await TestConversation.start({ providers }), first, second, switches };
}

const attempts = (providers: FakeProviders): Record<Stage, number> => ({
  stt: providers.stt.utterances.length,
  llm: providers.llm.replies.length,
  tts: providers.tts.speeches.length,
});

function expectAnswer({ conversation: { sink } }: Setup, turn: number): void {
  expect(sink.of('failure')).toEqual([]);
  expect(sink.of('transcript').at(-1)).toMatchObject({ turn, text: 'what time is it', isFinal: true });
  expect(sink.of('reply_text').at(-1)).toMatchObject({ turn, final: { fullText: ANSWER } });
  expect(sink.speechMsOf(turn)).toBeCloseTo(60 * 'It is three.Or four.'.length, 0);
}

describe('PipelineConversation: the fallback provider', () => {
  let logger: RecordingLogger;
  beforeEach(() => {
    logger = RecordingLogger.install();
    startVirtualTime();
  });
  afterEach(() => {
    jest.useRealTimers();
    logger.restore();
  });

  describe.each(STAGES)('of the stage %s', (stage) => {
    it.each<[code: ProviderErrorCode, asked: number]>([
      ['auth', 1],
      ['quota', 1],
      ['model_not_found', 1],
      ['invalid_request', 1],
      ['rate_limited', 1],
      ['unavailable', 2],
      ['timeout', 2],
      ['connection_lost', 2],
      ['bad_response', 2],
    ])('answers when the first provider fails with %s, after the first one was asked %i times', async (code, asked) => {
      const setup = await converse(failing(stage, code));
      await setup.conversation.mic.saySomething();
      await pass(5_000);
      expectAnswer(setup, 1);
      expect(attempts(setup.first)[stage]).toBe(asked);
      expect(attempts(setup.second)).toEqual({ stt: 0, llm: 0, tts: 0, [stage]: 1 });
      expect(setup.switches.counts).toEqual([
        { stage, from: stage === 'llm' ? 'simulated' : expect.any(String), to: 'fallback 1', count: 1 },
      ]);
      expect(logger.lines).toMatchObject([
        { level: 'warn', line: { message: 'another provider is asked', stage, to: 'fallback 1', code } },
      ]);
      expect(logger.text).not.toContain('what time');
    });

    it('answers before the engine gives up on a first provider that hangs', async () => {
      const setup = await converse(hanging(stage));
      await setup.conversation.mic.saySomething();
      await pass(5_800);
      expect(attempts(setup.second)[stage]).toBe(0);
      await pass(4_000);
      expectAnswer(setup, 1);
      expect(attempts(setup.first)[stage]).toBe(1);
    });

    it('leaves enough time for a third provider when it hangs as well', async () => {
      const setup = await converse(hanging(stage), new FakeProviders(hanging(stage)), new FakeProviders());
      await setup.conversation.mic.saySomething();
      await pass(7_800);
      expect(attempts(setup.second)[stage]).toBe(1);
      await pass(6_000);
      expectAnswer(setup, 1);
    });

    it('is asked first for a while after the first provider refused its key, and later the first one is tried again', async () => {
      const setup = await converse(failing(stage, 'auth'));
      const { mic } = setup.conversation;
      await mic.saySomething();
      await pass(5_000);
      await mic.saySomething();
      await pass(5_000);
      expectAnswer(setup, 2);
      expect(attempts(setup.first)[stage]).toBe(1);
      expect(attempts(setup.second)[stage]).toBe(2);

      await pass(51_000);
      await mic.saySomething();
      await pass(5_000);
      expectAnswer(setup, 3);
      expect(attempts(setup.first)[stage]).toBe(2);
      expect(attempts(setup.second)[stage]).toBe(3);
    });

    it('does not cause a second error when it fails as well: the failure of the first provider is reported once', async () => {
      const setup = await converse(failing(stage, 'quota'), new FakeProviders(failing(stage, 'unavailable')));
      const { mic, sink, session } = setup.conversation;
      await mic.saySomething();
      await pass(5_000);
      expect(sink.of('failure')).toMatchObject([{ stage, fatal: false, reason: 'quota' }]);
      expect(attempts(setup.second)[stage]).toBe(2);
      expect(session.openResources).toEqual({ streams: 0, timers: 1 });
    });
  });

  it('has no connection before it is needed, and none after the first provider has recovered', async () => {
    let isDown = true;
    const setup = await converse({
      stt: () => ({ text: 'what time is it', ...(isDown && { failure: { code: 'unavailable', at: 'final' } }) }),
      tts: () => (isDown ? { failure: { code: 'unavailable', afterChunks: 0 } } : {}),
    });
    const { second, first } = setup;
    const { mic, session } = setup.conversation;
    expect([second.stt.sessions.length, second.tts.sessions.length, second.llm.warmSignals.length]).toEqual([0, 0, 0]);
    await mic.saySomething();
    await pass(5_000);
    expect([second.stt.openSessions, second.tts.openSessions]).toEqual([1, 1]);
    isDown = false;
    await mic.saySomething();
    await pass(5_000);
    expectAnswer(setup, 2);
    expect([second.stt.openSessions, second.tts.openSessions]).toEqual([0, 0]);
    expect([first.stt.openSessions, first.tts.openSessions]).toEqual([1, 1]);
    session.end('client');
    await pass(20);
    expect([first.open, second.open]).toEqual([0, 0]);
  });

  it('of speech recognition receives the utterance from its beginning', async () => {
    const { conversation, first, second } = await converse(failing('stt', 'auth'));
    await conversation.mic.saySomething();
    await pass(100);
    expect(second.stt.utterances[0].audioMs).toBe(first.stt.utterances[0].audioMs);
    expect(second.stt.utterances[0].audioMs).toBeGreaterThan(1_500);
  });
});
