import { stageProvidersOf } from '../testing/fake-providers';
import { startWithLongReply } from '../testing/long-reply';
import { onVirtualTime } from '../testing/on-virtual-time';
import { AbortIgnoringProviders } from '../testing/abort-ignoring-providers';
import { TestConversation } from '../testing/test-conversation';
import { pass, settle } from '../testing/virtual-time';

describe('PipelineConversation: an interruption', () => {
  const suite = onVirtualTime({ mayLeaveTimers: true });

  it('by speech stops the model, the voice and the unsent audio at once, and only once', async () => {
    const { mic, sink, fakes, session } = await startWithLongReply();
    const [reply] = fakes.llm.replies;
    const [speech] = fakes.tts.speeches;
    expect(reply.signal.aborted).toBe(false);
    expect(sink.speechMsOf(1)).toBeLessThan(15_000);

    await mic.speak(220);
    const sentMs = sink.speechMsOf(1);
    expect(sink.of('interrupted')).toEqual([]);
    await mic.speak(60);
    expect(sink.of('interrupted')).toEqual([{ type: 'interrupted', turn: 1, reason: 'speech' }]);
    expect(sink.of('reply_text').at(-1)).toEqual({
      type: 'reply_text',
      turn: 1,
      text: '',
      final: { fullText: 'This is a long story.', heardText: '' },
    });
    expect(reply.signal.aborted).toBe(true);
    expect(speech.signal.aborted).toBe(true);
    expect([reply.outcome, speech.outcome]).toEqual(['cancelled', 'cancelled']);

    await mic.speak(700);
    await mic.hush(1_000);
    await pass(20_000);
    expect(sink.speechMsOf(1)).toBeCloseTo(sentMs, 0);
    expect(sink.of('interrupted')).toHaveLength(1);
    expect(sink.of('reply_text').at(-1)).toMatchObject({ turn: 2, final: { fullText: 'Something else.' } });
    expect(sink.speechOf(2).at(-1)).toMatchObject({ last: true });
    expect(sink.of('turn_measured').map(({ turn }) => turn)).toEqual([1, 2]);
    expect(session.openResources).toEqual({ streams: 0, timers: 1 });
    expect(sink.of('failure')).toEqual([]);
  });

  it('is transcribed completely, including the speech before it was confirmed', async () => {
    const { mic, fakes } = await startWithLongReply();
    await mic.speak(1_000);
    expect(fakes.stt.utterances[1].audioMs).toBeGreaterThanOrEqual(1_000);
  });

  it('is preceded by a lower volume, which is restored when the sound has no words', async () => {
    const { mic, sink, fakes } = await startWithLongReply({ stt: (index) => ({ text: index === 0 ? 'tell me a story' : '' }) });
    await mic.speak(120);
    expect(sink.ducks).toEqual([{ turn: 1, on: true }]);
    await mic.hush(400);
    expect(sink.ducks.at(-1)).toEqual({ turn: 1, on: false });
    expect(sink.of('interrupted')).toEqual([]);
    expect(fakes.llm.replies[0].outcome).toBe('open');
  });

  it('is prepared for by telling the detector how long to expect the assistant’s echo', async () => {
    const { mic, detector } = await startWithLongReply();
    expect(detector.echo).toEqual([true]);
    await mic.speak(400);
    expect(detector.echo).toEqual([true, false]);
  });

  it('by the button counts once, however often the button is pressed', async () => {
    const { session, sink } = await startWithLongReply();
    session.interrupt();
    session.interrupt();
    await pass(100);
    session.interrupt();
    expect(sink.of('interrupted')).toEqual([{ type: 'interrupted', turn: 1, reason: 'button' }]);
    expect(sink.log.filter((entry) => entry.startsWith('state'))).toEqual([
      'state USER_SPEAKING 1',
      'state AI_PROCESSING 1',
      'state AI_SPEAKING 1',
      'state USER_SPEAKING 2',
    ]);
  });

  it('by the button and by speech in the same frame counts once', async () => {
    const { session, sink, mic } = await startWithLongReply();
    await mic.speak(220);
    session.interrupt();
    await mic.speak(500);
    expect(sink.of('interrupted')).toHaveLength(1);
  });

  it('by the button does nothing while it is the user’s turn', async () => {
    const { session, sink, mic, fakes } = await TestConversation.start();
    session.interrupt();
    await mic.speak(500);
    session.interrupt();
    await mic.hush(1_000);
    expect(sink.of('interrupted')).toEqual([]);
    expect(fakes.llm.replies).toHaveLength(1);
  });

  it('before the first word of the reply requests nothing more from the model', async () => {
    const { session, sink, mic, fakes } = await TestConversation.start({ llm: () => 'manual' });
    await mic.saySomething();
    expect(sink.state).toBe('AI_PROCESSING');
    session.interrupt();
    await pass(1_000);
    expect(fakes.llm.replies.map(({ outcome }) => outcome)).toEqual(['cancelled']);
    expect(sink.of('interrupted')).toEqual([{ type: 'interrupted', turn: 1, reason: 'button' }]);
    expect(sink.of('reply_text')).toEqual([]);
    expect(sink.speech).toEqual([]);
  });

  it('by typed words is answered with a new reply', async () => {
    const { session, sink, fakes } = await startWithLongReply();
    session.pushText('Stop, tell me a joke.');
    await pass(5_000);
    expect(sink.of('interrupted')).toEqual([{ type: 'interrupted', turn: 1, reason: 'text' }]);
    expect(fakes.llm.replies[0].outcome).toBe('cancelled');
    expect(fakes.llm.replies[1].request.messages.at(-1)).toEqual({ role: 'user', content: 'Stop, tell me a joke.' });
    // The interrupted answer is not remembered.
    expect(fakes.llm.replies[1].request.messages.filter(({ role }) => role === 'assistant')).toEqual([]);
    expect(sink.speechMsOf(2)).toBeGreaterThan(0);
  });

  it('does not happen for words typed while the user speaks, and both are answered', async () => {
    const { session, sink, mic, fakes } = await TestConversation.start();
    await mic.speak(500);
    session.pushText('I mean in Pune.');
    await pass(100);
    expect(fakes.stt.utterances.map(({ outcome }) => outcome)).toEqual(['finished']);
    expect(sink.of('interrupted')).toEqual([]);
    expect(sink.of('transcript').at(-1)).toMatchObject({ text: 'what time is it I mean in Pune.', isFinal: true });
    expect(fakes.llm.replies[0].request.messages.at(-1)).toEqual({ role: 'user', content: 'what time is it I mean in Pune.' });
  });

  it('remains in effect whatever providers still send after it', async () => {
    const providers = new AbortIgnoringProviders();
    const { session, sink, mic } = await TestConversation.start({ providers: stageProvidersOf(providers) });
    await mic.speak(1_000);
    providers.transcripts[0].items.push({ text: 'tell me', isFinal: false });
    await mic.hush(1_000);
    providers.transcripts[0].items.push({ text: 'tell me a story', isFinal: true });
    providers.transcripts[0].items.end();
    await settle();
    providers.replies[0].items.push({ type: 'text', text: 'Once upon a time. ' });
    await settle();
    providers.speeches[0].items.push({ pcm: new Int16Array(24_000).fill(7) });
    await settle();
    expect(sink.speechMsOf(1)).toBeCloseTo(1_000, 3);

    session.interrupt();
    const before = [...sink.log];
    expect(providers.replies[0].signal.aborted).toBe(true);
    expect(providers.speeches[0].signal.aborted).toBe(true);
    providers.replies[0].items.push({ type: 'text', text: 'There was a king. ' });
    providers.replies[0].items.push({ type: 'end', finishReason: 'stop' });
    providers.speeches[0].items.push({ pcm: new Int16Array(24_000).fill(7) });
    providers.speeches[0].items.fail(new Error('the stream is gone'));
    await pass(1_000);

    expect(sink.log).toEqual(before);
    expect(sink.state).toBe('USER_SPEAKING');
    expect(providers.replies).toHaveLength(1);
    expect(suite.logger.lines).toEqual([]);
  });

  it('ignores the transcript of an utterance that was discarded', async () => {
    const providers = new AbortIgnoringProviders();
    const { session, sink, mic } = await TestConversation.start({ providers: stageProvidersOf(providers) });
    await mic.saySomething();
    session.interrupt();
    await settle();
    const before = [...sink.log];
    expect(providers.transcripts[0].signal.aborted).toBe(true);
    providers.transcripts[0].items.push({ text: 'spoken', isFinal: false });
    providers.transcripts[0].items.push({ text: 'spoken words', isFinal: true });
    await pass(100);
    expect(sink.log).toEqual(before);
  });
});
