import { startVirtualTime, pass, settle } from '../testing/virtual-time';
import { vendorsOf } from '../testing/fake-vendors';
import { StubbornVendors } from '../testing/stubborn-vendors';
import { RecordingLogger } from '../testing/recording-logger';
import { TestConversation } from '../testing/test-conversation';

const TWO_SENTENCES = 'It is three. Or four.';

describe('PipelineConversation: a turn', () => {
  let logger: RecordingLogger;
  beforeEach(() => {
    logger = RecordingLogger.install();
    startVirtualTime();
  });
  afterEach(() => {
    jest.useRealTimers();
    logger.restore();
  });

  it('leads from the spoken question to the end of the spoken answer', async () => {
    const { mic, sink, session, fakes } = await TestConversation.start();
    await mic.hush(500);
    await mic.saySomething();
    await pass(5_000);

    expect(withoutRepeats(sink.log)).toEqual([
      'state USER_SPEAKING 1',
      'transcript',
      'state AI_PROCESSING 1',
      'transcript',
      'state AI_SPEAKING 1',
      'reply_text',
      'speech 1',
      'reply_text',
      'speech 1',
      'speech 1 last',
      'turn_measured',
      'state USER_SPEAKING 2',
    ]);
    expect(sink.of('transcript').at(-1)).toEqual({ type: 'transcript', turn: 1, text: 'what time is it', isFinal: true });
    expect(
      sink
        .of('reply_text')
        .map(({ text }) => text)
        .join(''),
    ).toBe(TWO_SENTENCES);
    expect(sink.of('reply_text').at(-1)).toMatchObject({ turn: 1, final: { fullText: TWO_SENTENCES } });
    expect(sink.speechOf(1).map(({ seq }) => seq)).toEqual(sink.speechOf(1).map((_speech, index) => index));
    expect(sink.speechMsOf(1)).toBeCloseTo(fakes.tts.speeches[0].sentences.join('').length * 60, 3);
    expect(session.openResources).toEqual({ streams: 0, timers: 1 });
    expect(sink.of('failure')).toEqual([]);
    expect(logger.lines).toEqual([]);
  });

  it('is measured from the last voiced frame, in the order of the pipeline', async () => {
    const { mic, sink } = await TestConversation.start({
      stt: () => ({ text: 'what time is it', finalDelayMs: 100 }),
      llm: () => ({ tokens: ['It is three. ', 'Or four.'], firstTokenMs: 300 }),
      tts: () => ({ firstChunkMs: 200 }),
    });
    await mic.saySomething();
    await pass(5_000);

    const [metrics] = sink.of('turn_measured');
    const { marks, speculative } = metrics;
    expect(speculative).toBe(false);
    expect(Object.keys(marks)).toEqual([
      'speech_end',
      'turn_end',
      'stt_final',
      'llm_request',
      'llm_first_token',
      'tts_request',
      'tts_first_audio',
      'audio_sent',
    ]);
    expect(Object.values(marks)).toEqual([...Object.values(marks)].sort((a, b) => a - b));
    expect(marks).toMatchObject({ speech_end: 0, turn_end: expect.closeTo(900, -2), tts_first_audio: expect.closeTo(1_500, -2) });
  });

  it('has its first audio sent before the last token arrives', async () => {
    const { mic, sink, fakes } = await TestConversation.start({ llm: () => 'manual' });
    await mic.saySomething();
    const [reply] = fakes.llm.replies;
    reply.token('It is three o’clock. ');
    reply.token('And the weather ');
    await settle();

    expect(reply.outcome).toBe('open');
    expect(sink.speechMsOf(1)).toBeGreaterThan(0);
    expect(sink.speechOf(1).some(({ last }) => last)).toBe(false);

    reply.token('is fine.');
    reply.finish();
    await pass(100);
    expect(fakes.tts.speeches[0].sentences.join('')).toBe('It is three o’clock.And the weather is fine.');
    expect(sink.speechOf(1).at(-1)).toMatchObject({ last: true });
    expect(sink.speechOf(1).at(-1)?.pcm).toHaveLength(0);
  });

  it('is remembered in the next request, after the system prompt', async () => {
    const { mic, session, fakes } = await TestConversation.start({ start: { systemPrompt: 'You are a clock.' } });
    await mic.saySomething();
    await pass(5_000);
    session.pushText('And tomorrow?');
    await settle();

    expect(fakes.llm.replies[0].request.messages).toEqual([
      { role: 'system', content: 'You are a clock.' },
      { role: 'user', content: 'what time is it' },
    ]);
    expect(fakes.llm.replies[1].request.messages).toEqual([
      { role: 'system', content: 'You are a clock.' },
      { role: 'user', content: 'what time is it' },
      { role: 'assistant', content: TWO_SENTENCES },
      { role: 'user', content: 'And tomorrow?' },
    ]);
  });

  it('that is typed is answered without a transcription', async () => {
    const { session, sink, fakes } = await TestConversation.start();
    session.pushText('Hi!');
    await pass(5_000);

    expect(fakes.stt.utterances).toEqual([]);
    expect(sink.of('transcript')).toEqual([{ type: 'transcript', turn: 1, text: 'Hi!', isFinal: true }]);
    expect(sink.speechMsOf(1)).toBeGreaterThan(0);
    expect(sink.state).toBe('USER_SPEAKING');
  });

  it('lasts until the client reports the end of the playback', async () => {
    const { session, sink } = await TestConversation.start();
    session.pushText('Hi!');
    await settle();
    const sentMs = sink.speechMsOf(1);
    session.reportPlayback({ turn: 1, event: 'started', playedMs: 0 });
    await pass(sentMs + 1_000);
    expect(sink.state).toBe('AI_SPEAKING');
    session.reportPlayback({ turn: 1, event: 'ended', playedMs: sentMs });
    expect(sink.state).toBe('USER_SPEAKING');
    expect(sink.of('turn_measured')[0].marks.playback_started).toBeGreaterThanOrEqual(0);
  });

  it('is not sent further ahead when the listener falls behind', async () => {
    const { session, sink } = await TestConversation.start({ llm: () => ({ tokens: ['A'.repeat(500)] }) });
    session.pushText('Hi!');
    await settle();
    // Up to ten seconds are sent ahead at the start, and after that only as fast as the listener plays.
    expect(sink.speechMsOf(1)).toBeCloseTo(10_400, -3);
    await pass(3_000);
    session.reportPlayback({ turn: 1, event: 'started', playedMs: 0 });
    const sentMs = sink.speechMsOf(1);
    await pass(2_800);
    expect(sink.speechMsOf(1)).toBe(sentMs);
    await pass(1_000);
    expect(sink.speechMsOf(1)).toBeGreaterThan(sentMs);
  });

  it('uses the requested language and voice with the vendors', async () => {
    const { fakes } = await TestConversation.start({ start: { language: 'hi-IN', voiceId: 'voice-7' } });
    expect(fakes.stt.sessions[0].options).toEqual({ language: 'hi-IN' });
    expect(fakes.tts.sessions[0].options).toEqual({ language: 'hi-IN', voiceId: 'voice-7', sampleRateHz: 24_000 });
    expect(fakes.llm.warmSignals).toHaveLength(1);
  });

  it('leaves language and voice to the vendors when none was requested', async () => {
    const { fakes } = await TestConversation.start();
    expect(fakes.stt.sessions[0].options).toEqual({});
    expect(fakes.tts.sessions[0].options).toEqual({ sampleRateHz: 24_000 });
  });

  it('includes the audio just before speech was noticed in the transcription', async () => {
    const { mic, fakes } = await TestConversation.start();
    await mic.hush(1_000);
    await mic.speak(1_000);
    // 400 ms of audio before the first speech window, rounded to a frame.
    expect(fakes.stt.utterances[0].audioMs).toBeCloseTo(1_400, -2);
    await mic.hush(1_000);
    // No audio from after the end of the turn.
    expect(fakes.stt.utterances[0].audioMs).toBeCloseTo(2_300, -2);
  });

  it('has processed audio when the call that passes it returns', async () => {
    const stubborn = new StubbornVendors();
    const { session } = await TestConversation.start({ vendors: vendorsOf(stubborn) });
    const frame = new Int16Array(320);
    for (let sent = 0; sent < 30; sent++) {
      session.pushAudio(frame.fill(1_000));
      frame.fill(0);
    }
    const [{ heard }] = stubborn.transcripts;
    expect(heard).toHaveLength(30 * 320);
    expect(new Set(heard)).toEqual(new Set([1_000]));
  });

  it('treats a message of many frames like the same frames one by one', async () => {
    const { session, mic, sink } = await TestConversation.start();
    session.pushAudio(new Int16Array(32_000).fill(1_000));
    await mic.hush(1_000);
    await pass(100);
    expect(sink.of('transcript').at(-1)).toMatchObject({ text: 'what time is it', isFinal: true });
  });

  it('does not start with a noise that has no words', async () => {
    const { mic, sink, fakes } = await TestConversation.start({ stt: () => ({ text: '' }) });
    await mic.speak(120);
    await mic.hush(2_000);
    expect(sink.state).toBe('USER_SPEAKING');
    expect(sink.of('state_changed')).toHaveLength(1);
    expect(fakes.llm.replies).toEqual([]);
    expect(fakes.stt.openUtterances).toBe(0);
    expect(fakes.stt.utterances).toHaveLength(1);
  });

  it('does not count a mumble as speech, nor as the silence that ends it', async () => {
    const { mic, sink } = await TestConversation.start();
    await mic.mumble(500);
    expect(sink.of('state_changed')).toHaveLength(1);
    await mic.speak(600);
    await mic.hush(800);
    expect(sink.state).toBe('USER_SPEAKING');
    await mic.hush(200);
    await pass(0);
    expect(sink.state).toBe('AI_SPEAKING');
  });

  describe('with a draft during the silence', () => {
    const drafts = { turns: { draftAfterSilenceMs: 200 } };

    it('asks the model before the turn ends, and sends nothing until then', async () => {
      const { mic, sink, fakes } = await TestConversation.start(drafts);
      await mic.speak(1_000);
      await mic.hush(800);
      expect(fakes.llm.replies.map(({ outcome }) => outcome)).toEqual(['finished']);
      expect(fakes.tts.speeches[0].chunkCount).toBeGreaterThan(0);
      expect(sink.speech).toEqual([]);
      expect(sink.of('reply_text')).toEqual([]);

      await mic.hush(200);
      expect(sink.speechMsOf(1)).toBeGreaterThan(0);
      expect(fakes.llm.replies).toHaveLength(1);
      await pass(5_000);
      expect(sink.of('turn_measured')[0]).toMatchObject({ speculative: true });
    });

    it('tells the model which request is only for a draft', async () => {
      const { mic, fakes } = await TestConversation.start(drafts);
      await mic.saySomething();
      expect(fakes.llm.replies.map(({ request: { speculative } }) => speculative)).toEqual([true]);
    });

    it('asks for a reply that is no draft when none was prepared', async () => {
      const { mic, fakes } = await TestConversation.start({ turns: { draftAfterSilenceMs: undefined } });
      await mic.saySomething();
      expect(fakes.llm.replies.map(({ request: { speculative } }) => speculative)).toEqual([false]);
    });

    it('drops the draft when the user continues', async () => {
      const { mic, sink, fakes } = await TestConversation.start({
        ...drafts,
        stt: (index) => ({ text: index === 0 ? 'what time' : 'is it in Rome' }),
        llm: (_request, index) => ({ tokens: [index === 0 ? 'Early. ' : 'Late.'], gapMs: 5_000 }),
      });
      await mic.speak(1_000);
      await mic.hush(400);
      await mic.speak(1_000);
      expect(fakes.llm.replies.map(({ outcome }) => outcome)).toEqual(['cancelled']);
      expect(fakes.llm.replies[0].signal.aborted).toBe(true);
      await mic.hush(1_000);
      await pass(15_000);

      expect(fakes.llm.replies[1].request.messages.at(-1)).toEqual({ role: 'user', content: 'what time is it in Rome' });
      expect(sink.of('reply_text').at(-1)?.final?.fullText).toBe('Late.');
      expect(new Set(sink.speech.flatMap(({ pcm }) => [...pcm]))).toEqual(new Set([2]));
    });
  });

  describe('with an early draft', () => {
    const turns = { draftAfterSilenceMs: 200, maxEarlyDrafts: 3 };

    it('asks the model once, while the utterance is still open', async () => {
      const { mic, sink, fakes, observed } = await TestConversation.start({ turns });
      await mic.speak(1_000);
      await mic.hush(100);
      expect(fakes.stt.utterances[0].isEnded).toBe(false);
      expect(fakes.llm.replies).toHaveLength(1);
      expect(fakes.tts.speeches).toHaveLength(1);
      await mic.hush(700);
      expect(sink.speech).toEqual([]);
      await mic.hush(200);
      expect(sink.speechMsOf(1)).toBeGreaterThan(0);
      await pass(5_000);
      expect(fakes.llm.replies).toHaveLength(1);
      expect(sink.of('turn_measured')[0]).toMatchObject({ drafts: { started: 1, kept: 1, cancelled: 0 } });
      expect(observed).toContainEqual(expect.objectContaining({ type: 'turn_measured', turn: 1, speculative: true }));
    });

    it('stops the draft when its words turn out to be incomplete, and nothing of it is heard', async () => {
      const { mic, sink, fakes } = await TestConversation.start({
        turns,
        stt: () => ({ text: 'what time is it in Rome', wordMs: 250 }),
        llm: (_request, index) => ({ tokens: [index === 0 ? 'Early. ' : 'Late. '], gapMs: index === 0 ? 5_000 : 10 }),
      });
      // Four words are known when the voice stops. The others arrive late.
      await mic.speak(1_000);
      await mic.hush(100);
      expect(fakes.llm.replies.map(({ request }) => request.messages.at(-1)?.content)).toEqual(['what time is it']);
      await mic.hush(1_000);
      await pass(5_000);
      expect(fakes.llm.replies[0].signal.aborted).toBe(true);
      expect(fakes.llm.replies.at(-1)?.request.messages.at(-1)?.content).toBe('what time is it in Rome');
      expect(sink.of('reply_text').at(-1)?.final?.fullText).toBe('Late.');
      expect(new Set(sink.speech.flatMap(({ pcm }) => [...pcm])).has(1)).toBe(false);
    });
  });

  describe('without all of its stages', () => {
    it('does not listen when there is no recogniser, but answers typed words', async () => {
      const { mic, session, sink, fakes } = await TestConversation.start({ available: { stt: false } });
      await mic.saySomething();
      expect(fakes.stt.sessions).toEqual([]);
      expect(sink.log).toEqual(['state USER_SPEAKING 1']);
      session.pushText('Hi!');
      await pass(0);
      expect(sink.speechMsOf(1)).toBeGreaterThan(0);
    });

    it('is answered in text when there is no voice, and leaves nothing open', async () => {
      const { mic, session, sink, fakes } = await TestConversation.start({ available: { tts: false } });
      await mic.saySomething();
      session.pushText('And now?');
      await pass(100);

      expect(fakes.tts.sessions).toEqual([]);
      expect(sink.speech).toEqual([]);
      expect(sink.of('reply_text').filter(({ final }) => final)).toMatchObject([
        { final: { fullText: TWO_SENTENCES } },
        { final: { fullText: TWO_SENTENCES } },
      ]);
      expect(sink.state).toBe('USER_SPEAKING');
      expect(session.openResources).toEqual({ streams: 0, timers: 1 });
    });
  });
});

function withoutRepeats(log: readonly string[]): string[] {
  return log.filter((entry, index) => entry !== log[index - 1]);
}
