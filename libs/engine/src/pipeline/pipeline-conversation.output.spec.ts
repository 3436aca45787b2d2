import { startWithLongReply } from '../testing/long-reply';
import { onVirtualTime } from '../testing/on-virtual-time';
import { pass } from '../testing/virtual-time';

describe('PipelineConversation: its audio output', () => {
  onVirtualTime();

  it.each([200, 10_000])('receives no more than %i ms of speech, plus one message, ahead of the listener', async (maxLeadMs) => {
    const { sink, session } = await startWithLongReply({ output: { maxLeadMs } });
    const longestMessageMs = 500;
    expect(sink.speechMsOf(1)).toBeGreaterThan(maxLeadMs);
    expect(sink.speechMsOf(1)).toBeLessThanOrEqual(maxLeadMs + longestMessageMs);
    await pass(5_000);
    expect(sink.speechMsOf(1)).toBeGreaterThan(maxLeadMs + 4_000);
    expect(sink.speechMsOf(1)).toBeLessThanOrEqual(maxLeadMs + 5_000 + longestMessageMs);
    session.end('client');
  });

  it('is cleared of an interrupted turn once, before the interruption is reported', async () => {
    const { sink, session } = await startWithLongReply();
    const before = sink.log.length;
    session.interrupt();
    expect(sink.log.slice(before)).toEqual(['reply_text', 'clear 1', 'interrupted', 'turn_measured', 'state USER_SPEAKING 2']);
    expect(sink.clears).toEqual([1]);
    session.end('client');
  });

  it('is not asked to pause when it cannot, so that confirmed speech interrupts', async () => {
    const { sink, session, mic } = await startWithLongReply({ turns: { interruptionMode: 'resumable' }, output: { canPause: false } });
    await mic.speak(320);
    expect(sink.pauses).toEqual([]);
    expect(sink.of('interrupted')).toEqual([{ type: 'interrupted', turn: 1, reason: 'speech' }]);
    session.end('client');
  });
});
