import { onVirtualTime } from '../testing/on-virtual-time';
import { TestConversation } from '../testing/test-conversation';
import { pass, settle } from '../testing/virtual-time';

/** A long answer is being heard, and speech over it is transcribed as `words`. */
async function midReply(words: string): Promise<TestConversation> {
  const conversation = await TestConversation.start({
    turns: { interruptionMode: 'resumable', memoryOnInterruption: 'heard' },
    stt: (index) => ({ text: index === 0 ? 'tell me a story' : words, wordMs: 5_000, finalDelayMs: 150 }),
    llm: (_request, index) => (index === 0 ? 'manual' : { tokens: ['Something else.'] }),
    tts: (index) => (index === 0 ? 'manual' : {}),
  });
  const { mic, fakes, session } = conversation;
  await mic.saySomething();
  await pass(200);
  fakes.llm.replies[0].token('This is a long story. ');
  await settle();
  const chars = [...'This is a long story. '];
  fakes.tts.speeches[0].chunk(2_200, { chars, startMs: chars.map((_, index) => index * 100), durationMs: chars.map(() => 100) });
  await settle();
  session.reportPlayback({ turn: 1, event: 'progress', playedMs: 500 });
  return conversation;
}

describe('PipelineConversation: a resumable interruption', () => {
  onVirtualTime({ mayLeaveTimers: true });

  it.each(['uh huh', 'Okay.', ''])('that is only %j pauses the assistant, which then continues with all of its audio', async (words) => {
    const { mic, sink, fakes, session } = await midReply(words);
    await mic.speak(320);
    expect(sink.pauses).toEqual([{ turn: 1, on: true }]);
    const sentMs = sink.speechMsOf(1);
    fakes.tts.speeches[0].chunk(1_000);
    await settle();
    expect(sink.speechMsOf(1)).toBe(sentMs);
    await mic.hush(500);
    expect(sink.pauses.map(({ on }) => on)).toEqual([true, false]);
    expect(sink.ducks.map(({ on }) => on)).toEqual([true, false]);
    expect(sink.speechMsOf(1)).toBeCloseTo(sentMs + 1_000, 0);
    expect(sink.of('interrupted')).toEqual([]);
    expect(sink.of('transcript').map(({ turn }) => turn)).toEqual([1]);
    expect(fakes.llm.replies[0].outcome).toBe('open');
    expect(fakes.stt.openUtterances).toBe(0);
    session.end('client');
    expect(session.openResources).toEqual({ streams: 0, timers: 0 });
  });

  it('with other words stops the assistant, the heard part is reported and remembered, and the words are answered', async () => {
    const { mic, sink, fakes } = await midReply('stop please');
    await mic.speak(480);
    await mic.hush(2_000);
    expect(sink.of('interrupted')).toEqual([{ type: 'interrupted', turn: 1, reason: 'speech' }]);
    expect(sink.of('turn_measured')[0]).toMatchObject({ turn: 1, heardText: 'This is' });
    expect(sink.of('transcript').at(-1)).toEqual({ type: 'transcript', turn: 2, text: 'stop please', isFinal: true });
    expect(fakes.llm.replies.at(-1)?.request.messages.slice(-3)).toEqual([
      { role: 'user', content: 'tell me a story' },
      { role: 'assistant', content: 'This is [interrupted]' },
      { role: 'user', content: 'stop please' },
    ]);
    expect(fakes.stt.utterances).toHaveLength(2);
    expect(fakes.stt.utterances[1].audioMs).toBeGreaterThanOrEqual(480);
    expect(sink.speechOf(2).at(-1)).toMatchObject({ last: true });
  });
});
