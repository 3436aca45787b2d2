import { TestConversation } from '../testing/test-conversation';
import { startVirtualTime } from '../testing/virtual-time';

/** The connection to the model closes after a few seconds without a request, so one that was opened at the start is closed by the first turn. */
describe('PipelineConversation: the connection to the model', () => {
  beforeEach(() => startVirtualTime());
  afterEach(() => jest.useRealTimers());

  const warmed = ({ fakes }: TestConversation): number => fakes.llm.warmSignals.length;

  it('is opened with the session, and left alone while nobody speaks', async () => {
    const conversation = await TestConversation.start();
    await conversation.mic.hush(10_000);
    expect(warmed(conversation)).toBe(1);
  });

  it('is kept warm when the user begins to speak, and with every recognised word', async () => {
    const conversation = await TestConversation.start({ stt: () => 'manual' });
    const { mic, fakes } = conversation;
    await mic.hush(10_000);
    await mic.speak(200);
    expect(warmed(conversation)).toBe(2);
    for (const text of ['what', 'what time']) {
      fakes.stt.utterances[0].partial(text);
      await mic.speak(200);
    }
    expect(warmed(conversation)).toBe(4);
  });

  it('is also kept warm when the user speaks over the assistant', async () => {
    const conversation = await TestConversation.start({ llm: () => 'manual', stt: () => 'manual' });
    const { mic, fakes } = conversation;
    await mic.speak(500);
    await mic.hush(1_000);
    fakes.stt.utterances[0].final('what time is it');
    await mic.hush(20);
    expect(fakes.llm.replies).toHaveLength(1);
    expect(warmed(conversation)).toBe(2);
    await mic.speak(240);
    expect(conversation.sink.of('interrupted')).toHaveLength(1);
    expect(warmed(conversation)).toBe(3);
  });

  it('is kept warm for at most the length of the session', async () => {
    const conversation = await TestConversation.start();
    await conversation.mic.speak(500);
    conversation.session.end('client');
    expect(conversation.fakes.llm.warmSignals.every(({ aborted }) => aborted)).toBe(true);
  });
});
