import { ProviderError, type ProviderErrorCode } from '@parley/providers';
import { type FakeProviderOptions, stageProvidersOf } from '../testing/fake-providers';
import { onVirtualTime } from '../testing/on-virtual-time';
import { AbortIgnoringProviders } from '../testing/abort-ignoring-providers';
import { PREPARED_SAMPLE, TestConversation } from '../testing/test-conversation';
import { pass, settle } from '../testing/virtual-time';

type Stage = 'stt' | 'llm' | 'tts';
const STAGES: readonly Stage[] = ['stt', 'llm', 'tts'];
const FALLBACK_TEXT = { stt: /could not hear/, llm: /could not think/, tts: /lost my voice/ };

/** Options for a provider of this stage whose first `times` attempts fail before it returns anything. */
function failing(stage: Stage, times: number, code: ProviderErrorCode): FakeProviderOptions {
  switch (stage) {
    case 'stt':
      return { stt: (index) => ({ text: 'what time is it', ...(index < times && { failure: { code, at: 'final' as const } }) }) };
    case 'llm':
      return { llm: (_request, index) => ({ tokens: ['It is three.'], ...(index < times && { failure: { code, afterTokens: 0 } }) }) };
    case 'tts':
      return { tts: (index) => (index < times ? { failure: { code, afterChunks: 0 } } : {}) };
  }
}

const tries = ({ fakes }: TestConversation): Record<Stage, number> => ({
  stt: fakes.stt.utterances.length,
  llm: fakes.llm.replies.length,
  tts: fakes.tts.speeches.length,
});

describe('PipelineConversation: failures', () => {
  const suite = onVirtualTime({ mayLeaveTimers: true });

  describe.each(STAGES)('of %s', (stage) => {
    it('that happen once are not noticed', async () => {
      const conversation = await TestConversation.start(failing(stage, 1, 'unavailable'));
      const { mic, sink, session } = conversation;
      await mic.saySomething();
      await pass(5_000);
      expect(tries(conversation)).toEqual({ stt: 1, llm: 1, tts: 1, [stage]: 2 });
      expect(sink.of('failure')).toEqual([]);
      expect(sink.of('transcript').at(-1)).toMatchObject({ text: 'what time is it', isFinal: true });
      expect(sink.of('reply_text').at(-1)?.final?.fullText).toMatch(/^It is three\./);
      expect(sink.speechMsOf(1)).toBeGreaterThan(0);
      expect(sink.speechOf(1).filter(({ last }) => last)).toHaveLength(1);
      expect(session.openResources).toEqual({ streams: 0, timers: 1 });
      expect(suite.logger.lines).toEqual([]);
    });

    it('that happen twice are reported once, with a prepared sentence, and the next turn works', async () => {
      const conversation = await TestConversation.start(failing(stage, 2, 'unavailable'));
      const { mic, sink, session, fakes } = conversation;
      await mic.saySomething();
      await pass(5_000);
      expect(sink.of('failure')).toEqual([{ type: 'failure', turn: 1, stage, reason: 'unavailable', fatal: false }]);
      expect(new Set(sink.speechOf(1).flatMap(({ pcm }) => [...pcm]))).toEqual(new Set([PREPARED_SAMPLE[stage]]));
      expect(sink.speechOf(1).at(-1)).toMatchObject({ last: true });
      if (stage !== 'tts') expect(sink.of('reply_text').at(-1)?.final?.fullText).toMatch(FALLBACK_TEXT[stage]);
      expect(sink.state).toBe('USER_SPEAKING');
      expect(session.openResources).toEqual({ streams: 0, timers: 1 });

      await mic.saySomething();
      await pass(5_000);
      expect(sink.of('failure')).toHaveLength(1);
      expect(
        sink
          .speechOf(2)
          .flatMap(({ pcm }) => [...pcm])
          .every((sample) => sample > 0),
      ).toBe(true);
      expect(sink.speechMsOf(2)).toBeGreaterThan(500);
      expect(fakes.llm.replies.at(-1)?.request.messages.filter(({ role }) => role === 'assistant')).toEqual([]);
    });

    it.each(['auth', 'quota', 'invalid_request', 'model_not_found'] as const)(
      'that are permanent (%s) are not tried again',
      async (code) => {
        const conversation = await TestConversation.start(failing(stage, 1, code));
        await conversation.mic.saySomething();
        await pass(100);
        expect(tries(conversation)[stage]).toBe(1);
        expect(conversation.sink.of('failure')).toMatchObject([{ stage, fatal: false }]);
      },
    );

    it('do not reveal what the provider said', async () => {
      const { mic, sink } = await TestConversation.start(failing(stage, 2, 'timeout'));
      await mic.saySomething();
      await pass(5_000);
      expect(sink.of('failure')).toHaveLength(1);
      expect(JSON.stringify(sink.events)).not.toMatch(/on purpose|fake-(stt|llm|tts)/);
      expect(suite.logger.lines).toMatchObject([
        { level: 'warn', line: { message: 'a stage failed', conversationId: 'conversation-1', turn: 1, stage, reason: 'timeout' } },
      ]);
      expect(suite.logger.text).not.toContain('what time');
    });
  });

  it('of the recogniser are tried again with the same audio from its start', async () => {
    const { mic, sink, fakes } = await TestConversation.start(failing('stt', 1, 'connection_lost'));
    await mic.saySomething();
    await settle();
    const [first, second] = fakes.stt.utterances;
    expect(first.outcome).toBe('failed');
    expect(second.audioMs).toBe(first.audioMs);
    expect(second.audioMs).toBeGreaterThan(1_500);
    expect(second.isEnded).toBe(true);
    expect(sink.of('transcript').at(-1)).toMatchObject({ isFinal: true });
  });

  it('of the recogniser in the middle of a sentence lose none of it', async () => {
    const { mic, sink, fakes } = await TestConversation.start({
      stt: (index) => ({ text: 'what time is it', ...(index === 0 && { failure: { code: 'connection_lost', at: 'audio' as const } }) }),
    });
    await mic.speak(1_000);
    await mic.hush(1_000);
    await settle();
    expect(fakes.stt.utterances).toHaveLength(2);
    // All of the audio: 1000 ms of speech from the first frame on, and the silence until the end of the turn.
    expect(fakes.stt.utterances[1].audioMs).toBeCloseTo(1_900, -2);
    expect(sink.of('failure')).toEqual([]);
    expect(sink.of('transcript').at(-1)).toMatchObject({ text: 'what time is it', isFinal: true });
  });

  it('of the recogniser on a finished part of a turn do not disturb the part that is being spoken', async () => {
    const providers = new AbortIgnoringProviders();
    const { mic, sink } = await TestConversation.start({ providers: stageProvidersOf(providers), turns: { draftAfterSilenceMs: 200 } });
    await mic.speak(1_000);
    await mic.hush(300);
    await mic.speak(500);
    const [first, second] = providers.transcripts;
    expect([first.isEnded, second.isEnded]).toEqual([true, false]);
    first.items.fail(new ProviderError('fake', 'connection_lost', 'gone'));
    await settle();

    const [, , again] = providers.transcripts;
    expect(again.heard).toEqual(first.heard);
    expect(again.isEnded).toBe(true);
    expect(second.items.isEnded).toBe(false);
    expect(providers.sessions).toEqual({ opened: 2, closed: 0 });
    again.final('what time');
    await settle();
    expect(providers.sessions).toEqual({ opened: 2, closed: 1 });

    await mic.hush(1_000);
    second.final('is it in Rome');
    await settle();
    expect(sink.of('failure')).toEqual([]);
    expect(sink.of('transcript').at(-1)).toMatchObject({ text: 'what time is it in Rome', isFinal: true });
  });

  it('of the model after its first word are not noticed when another attempt continues the reply', async () => {
    const { mic, sink, fakes } = await TestConversation.start({
      llm: (_request, index) =>
        index === 0
          ? { tokens: ['It is three. ', 'Or'], failure: { code: 'connection_lost', afterTokens: 2 } }
          : { tokens: ['Or four', ', perhaps.'] },
    });
    await mic.saySomething();
    await pass(5_000);
    expect(fakes.llm.replies[1].request.messages.at(-1)).toEqual({ role: 'assistant', content: 'It is three. Or' });
    expect(sink.of('failure')).toEqual([]);
    expect(sink.of('reply_text').at(-1)?.final?.fullText).toBe('It is three. Or four, perhaps.');
    expect(fakes.tts.speeches.map(({ sentences }) => sentences)).toEqual([['It is three.', 'Or four, perhaps.']]);
  });

  it('of the model after its first word are reported when no attempt continues the reply', async () => {
    const { mic, sink, fakes } = await TestConversation.start({
      llm: () => ({ tokens: ['It is three. ', 'Or'], failure: { code: 'connection_lost', afterTokens: 2 } }),
    });
    await mic.saySomething();
    await pass(10_000);
    expect(fakes.llm.replies).toHaveLength(2);
    expect(sink.of('failure')).toMatchObject([{ stage: 'llm', reason: 'connection_lost' }]);
    // The text sent so far is kept, and the prepared sentence follows it.
    expect(sink.of('reply_text').at(-1)?.final?.fullText).toMatch(/^It is three\. Or .*could not think/);
    expect(sink.speechOf(1).at(-1)).toMatchObject({ last: true });
  });

  it('of the voice after its first sound are not noticed when another attempt continues after the last word', async () => {
    const { mic, sink, fakes } = await TestConversation.start({
      tts: (index) => (index === 0 ? { failure: { code: 'connection_lost', afterChunks: 3 } } : {}),
    });
    await mic.saySomething();
    await pass(5_000);
    expect(sink.of('failure')).toEqual([]);
    // 3 chunks of 200 ms at 60 ms per character contain "It is thr".
    expect(fakes.tts.speeches.map(({ sentences }) => sentences)).toEqual([['It is three.'], ['three.', 'Or four.']]);
    expect(sink.speechMsOf(1)).toBeCloseTo(540 + 60 * 'three.Or four.'.length, 0);
    expect(sink.speechOf(1).filter(({ last }) => last)).toHaveLength(1);
  });

  it('of the voice after its first sound are reported when no attempt continues', async () => {
    const { mic, sink, fakes } = await TestConversation.start({ tts: () => ({ failure: { code: 'connection_lost', afterChunks: 2 } }) });
    await mic.saySomething();
    await pass(10_000);
    expect(fakes.tts.speeches).toHaveLength(2);
    expect(sink.of('failure')).toMatchObject([{ stage: 'tts' }]);
    expect(sink.speechOf(1).map(({ seq }) => seq)).toEqual(sink.speechOf(1).map((_speech, index) => index));
    expect(
      sink
        .speechOf(1)
        .flatMap(({ pcm }) => [...pcm])
        .at(-1),
    ).toBe(PREPARED_SAMPLE.tts);
    expect(sink.of('reply_text').at(-1)?.final?.fullText).toBe('It is three. Or four.');
  });

  it('of the voice are tried again with every sentence', async () => {
    const { mic, fakes } = await TestConversation.start(failing('tts', 1, 'unavailable'));
    await mic.saySomething();
    await pass(5_000);
    expect(fakes.tts.speeches[1].sentences.join('')).toBe('It is three.Or four.');
  });

  it('that are overtaken by an interruption are not reported', async () => {
    const { mic, sink, session, fakes } = await TestConversation.start({ llm: () => 'manual' });
    await mic.saySomething();
    fakes.llm.replies[0].fail('unavailable');
    session.interrupt();
    await pass(1_000);
    expect(fakes.llm.replies).toHaveLength(1);
    expect(sink.of('failure')).toEqual([]);
  });

  it('without ready audio for the prepared sentence let the voice speak it', async () => {
    const { mic, sink, fakes, session } = await TestConversation.start({ ...failing('llm', 2, 'unavailable'), prepared: false });
    await mic.saySomething();
    await pass(10_000);
    expect(fakes.tts.speeches[0].sentences.join(' ')).toMatch(FALLBACK_TEXT.llm);
    expect(sink.speechMsOf(1)).toBeGreaterThan(1_000);
    expect(session.openResources).toEqual({ streams: 0, timers: 1 });
  });

  it('of the voice without ready audio for the prepared sentence end the turn in silence', async () => {
    const { mic, sink, session } = await TestConversation.start({ ...failing('tts', 2, 'unavailable'), prepared: false });
    await mic.saySomething();
    await pass(1_000);
    expect(sink.of('failure')).toHaveLength(1);
    expect(sink.state).toBe('USER_SPEAKING');
    expect(session.openResources).toEqual({ streams: 0, timers: 1 });
    await mic.saySomething();
    expect(sink.speechMsOf(2)).toBeGreaterThan(500);
  });

  it.each([
    ['stt', { stt: () => ({ text: 'hello', stalls: true }) }],
    ['llm', { llm: () => 'manual' }],
    ['tts', { tts: () => 'manual' }],
  ] satisfies [Stage, FakeProviderOptions][])('of %s to produce anything are reported after 12 s', async (stage, options) => {
    const { mic, sink, fakes } = await TestConversation.start(options);
    await mic.saySomething();
    await pass(11_800);
    expect(sink.of('failure')).toEqual([]);
    await pass(300);
    expect(sink.of('failure')).toMatchObject([{ stage, reason: 'timeout' }]);
    expect([fakes.stt.openUtterances, fakes.llm.openReplies, fakes.tts.openSpeeches]).toEqual([0, 0, 0]);
    await pass(5_000);
    expect(sink.state).toBe('USER_SPEAKING');
  });

  it('that are not a ProviderError are logged as unexpected, and the conversation continues', async () => {
    const providers = new AbortIgnoringProviders();
    const { session, sink } = await TestConversation.start({ providers: stageProvidersOf(providers) });
    session.pushText('my secret words');
    await settle();
    providers.replies[0].items.fail(new TypeError('no token after: my secret words'));
    await pass(5_000);
    expect(providers.replies).toHaveLength(1);
    expect(sink.of('failure')).toMatchObject([{ stage: 'llm' }]);
    expect(suite.logger.lines).toContainEqual(
      expect.objectContaining({ level: 'error', line: expect.objectContaining({ message: 'unexpected failure' }) }),
    );
    expect(suite.logger.text).not.toContain('my secret words');
    expect(sink.state).toBe('USER_SPEAKING');
  });

  it('of a model that ends without a word are reported', async () => {
    const { session, sink } = await TestConversation.start({ llm: () => ({ tokens: [] }) });
    session.pushText('Hi!');
    await pass(5_000);
    expect(sink.of('failure')).toMatchObject([{ stage: 'llm', reason: 'bad_response' }]);
    expect(sink.speechMsOf(1)).toBe(1_000);
  });
});
