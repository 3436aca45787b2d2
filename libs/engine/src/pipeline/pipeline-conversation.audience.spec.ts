import type { Audience, EndedTurn } from '../ports';
import { onVirtualTime } from '../testing/on-virtual-time';
import { TestConversation } from '../testing/test-conversation';
import { pass } from '../testing/virtual-time';

/** People who are answered or not, as the test says. */
class TestAudience implements Audience {
  speaker: string | undefined;
  readonly asked: EndedTurn[] = [];

  constructor(private readonly answers: (turn: EndedTurn) => boolean) {}

  judge(turn: EndedTurn) {
    this.asked.push(turn);
    return { isAnswered: this.answers(turn), ...(this.speaker !== undefined && { speaker: this.speaker }) };
  }
}

describe('PipelineConversation: several people', () => {
  const suite = onVirtualTime({ mayLeaveTimers: true });

  it('answers nothing that its audience does not want answered, and remembers who has said it', async () => {
    const audience = new TestAudience(({ turn }) => turn > 1);
    const { mic, sink, session, fakes } = await TestConversation.start({ output: { audience }, turns: { draftAfterSilenceMs: 200 } });
    audience.speaker = 'Ravi';
    await mic.hush(500);
    await mic.saySomething();
    await pass(3_000);
    expect(audience.asked).toEqual([{ turn: 1, text: 'what time is it', heard: { fromMs: expect.any(Number), toMs: expect.any(Number) } }]);
    expect(audience.asked[0].heard?.fromMs).toBeCloseTo(500, -2);
    expect(sink.log.filter((entry) => entry.startsWith('speech'))).toEqual([]);
    expect(sink.of('reply_text')).toEqual([]);
    expect(sink.of('failure')).toEqual([]);
    expect(sink.of('transcript').at(-1)).toMatchObject({ turn: 1, isFinal: true });
    expect(sink.state).toBe('USER_SPEAKING');
    expect(session.memory()).toEqual({ messages: [{ role: 'user', content: 'Ravi: what time is it' }], earlier: [], turn: 1 });

    audience.speaker = 'Asha';
    await mic.saySomething();
    await pass(5_000);
    expect(sink.speechMsOf(2)).toBeGreaterThan(0);
    expect(
      fakes.llm.replies
        .at(-1)
        ?.request.messages.slice(-2)
        .map(({ content }) => content),
    ).toEqual(['Ravi: what time is it', 'Asha: what time is it']);
    expect(session.memory().messages.at(-1)).toEqual({ role: 'assistant', content: 'It is three. Or four.' });
    expect(suite.logger.lines).toEqual([]);
  });

  it('answers a turn whose audience fails, and logs that', async () => {
    const audience = new TestAudience(() => {
      throw new TypeError('broken');
    });
    const { mic, sink } = await TestConversation.start({ output: { audience } });
    await mic.saySomething();
    await pass(5_000);
    expect(sink.speechMsOf(1)).toBeGreaterThan(0);
    expect(suite.logger.lines).toHaveLength(1);
    suite.logger.lines.length = 0;
  });
});

describe('PipelineConversation: the memory', () => {
  onVirtualTime({ mayLeaveTimers: true });

  it('continues in another conversation, whose turns are counted on', async () => {
    const first = await TestConversation.start();
    await first.mic.saySomething();
    await pass(5_000);
    first.session.end('server_shutdown');
    const memory = first.session.memory();
    expect(memory).toEqual({
      messages: [
        { role: 'user', content: 'what time is it' },
        { role: 'assistant', content: 'It is three. Or four.' },
      ],
      earlier: [],
      turn: 1,
    });

    const second = await TestConversation.start({ start: { memory } });
    expect(second.session.memory()).toEqual(memory);
    second.session.pushText('and now?');
    await pass(5_000);
    expect(second.sink.of('transcript').at(-1)).toMatchObject({ turn: 2, text: 'and now?' });
    expect(
      second.fakes.llm.replies
        .at(-1)
        ?.request.messages.slice(1)
        .map(({ content }) => content),
    ).toEqual(['what time is it', 'It is three. Or four.', 'and now?']);
  });
});
