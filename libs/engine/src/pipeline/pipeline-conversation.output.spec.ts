import { RecordingLogger } from '../testing/recording-logger';
import { TestConversation, type TestConversationOptions } from '../testing/test-conversation';
import { pass, settle, startVirtualTime } from '../testing/virtual-time';

/** A long answer that is being heard. */
async function midReply(options: TestConversationOptions = {}): Promise<TestConversation> {
  const conversation = await TestConversation.start({ llm: () => 'manual', tts: () => 'manual', ...options });
  const { mic, fakes } = conversation;
  await mic.saySomething();
  fakes.llm.replies[0].token('This is a long story. ');
  await settle();
  fakes.tts.speeches[0].chunk(30_000);
  await settle();
  return conversation;
}

describe('PipelineConversation: its audio output', () => {
  let logger: RecordingLogger;
  beforeEach(() => {
    logger = RecordingLogger.install();
    startVirtualTime();
  });
  afterEach(() => {
    jest.useRealTimers();
    logger.restore();
  });

  it.each([200, 10_000])('receives no more than %i ms of speech, plus one message, ahead of the listener', async (maxLeadMs) => {
    const { sink, session } = await midReply({ output: { maxLeadMs } });
    const longestMessageMs = 500;
    expect(sink.speechMsOf(1)).toBeGreaterThan(maxLeadMs);
    expect(sink.speechMsOf(1)).toBeLessThanOrEqual(maxLeadMs + longestMessageMs);
    await pass(5_000);
    expect(sink.speechMsOf(1)).toBeGreaterThan(maxLeadMs + 4_000);
    expect(sink.speechMsOf(1)).toBeLessThanOrEqual(maxLeadMs + 5_000 + longestMessageMs);
    session.end('client');
  });

  it('is cleared of an interrupted turn once, before the interruption is reported', async () => {
    const { sink, session } = await midReply();
    const before = sink.log.length;
    session.interrupt();
    expect(sink.log.slice(before)).toEqual(['reply_text', 'clear 1', 'interrupted', 'turn_measured', 'state USER_SPEAKING 2']);
    expect(sink.clears).toEqual([1]);
    session.end('client');
  });

  it('is not asked to pause when it cannot, so that confirmed speech interrupts', async () => {
    const { sink, session, mic } = await midReply({ turns: { interruptionMode: 'resumable' }, output: { canPause: false } });
    await mic.speak(320);
    expect(sink.pauses).toEqual([]);
    expect(sink.of('interrupted')).toEqual([{ type: 'interrupted', turn: 1, reason: 'speech' }]);
    session.end('client');
  });
});
