import { onVirtualTime } from '../testing/on-virtual-time';
import { TestConversation } from '../testing/test-conversation';
import { pass } from '../testing/virtual-time';

describe('PipelineConversation: whether a turn is under way', () => {
  onVirtualTime();

  it('is no while nobody speaks, and after the end', async () => {
    const { session, mic } = await TestConversation.start();
    expect(session.isInTurn).toBe(false);
    await mic.hush(2_000);
    expect(session.isInTurn).toBe(false);
    session.end('client');
    expect(session.isInTurn).toBe(false);
  });

  it('is yes from the first voiced sound until the answer was played', async () => {
    const { session, mic, sink } = await TestConversation.start();
    await mic.speak(100);
    expect(session.isInTurn).toBe(true);
    await mic.speak(900);
    await mic.hush(500);
    expect(session.isInTurn).toBe(true);
    await mic.hush(500);
    expect(sink.state).not.toBe('USER_SPEAKING');
    expect(session.isInTurn).toBe(true);
    await pass(60_000 - 5_000);
    expect([sink.state, session.isInTurn]).toEqual(['USER_SPEAKING', false]);
    session.end('client');
  });

  it('is no again after a sound without words', async () => {
    const { session, mic } = await TestConversation.start({ stt: () => ({ text: '' }) });
    await mic.speak(120);
    await mic.hush(5_000);
    expect(session.isInTurn).toBe(false);
    session.end('client');
  });

  it('is yes while a typed message is answered', async () => {
    const { session } = await TestConversation.start({ llm: () => 'manual' });
    session.pushText('Hi!');
    expect(session.isInTurn).toBe(true);
    session.end('client');
  });
});
