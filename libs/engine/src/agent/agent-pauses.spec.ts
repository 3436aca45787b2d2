import { onVirtualTime } from '../testing/on-virtual-time';
import { TestAgentConversation } from '../testing/test-agent-conversation';
import { pass } from '../testing/virtual-time';

const STORY = 'Once upon a time there was a parrot who could speak four languages, and who was silent in all of them.';
/** How long it takes to speak the story. */
const STORY_MS = STORY.length * 65;

describe('an agent that pauses in the middle of its reply', () => {
  onVirtualTime();

  async function asked(): Promise<TestAgentConversation> {
    const test = await TestAgentConversation.start();
    test.userSays('Tell me a story!');
    return test;
  }

  const say = (test: TestAgentConversation, durationMs: number) => test.agent.session.speak(durationMs);
  const tell = (test: TestAgentConversation, text: string) => test.agent.session.tell({ type: 'reply_text', text });

  /** Expects that everything was one turn, the first, and that the user may speak again. */
  function expectOneTurn({ sink, conversation }: TestAgentConversation, speechMs: number): void {
    expect(sink.of('state_changed').map(({ phase, turn }) => `${phase} ${turn}`)).toEqual([
      'USER_SPEAKING 1',
      'AI_PROCESSING 1',
      'AI_SPEAKING 1',
      'USER_SPEAKING 2',
    ]);
    expect(sink.speechMsOf(1)).toBe(speechMs);
    expect(sink.of('reply_text').at(-1)).toMatchObject({ turn: 1 });
    conversation.end('client');
  }

  it('keeps the turn while most of its text has not been spoken', async () => {
    const test = await asked();
    tell(test, STORY);
    say(test, 600);
    await pass(600 + 1_900);
    expect(test.sink.state).toBe('AI_SPEAKING');
    say(test, STORY_MS - 600);
    await pass(STORY_MS);
    expectOneTurn(test, STORY_MS);
  });

  it('keeps the turn during several pauses', async () => {
    const test = await asked();
    tell(test, STORY);
    for (let piece = 0; piece < 4; piece++) {
      say(test, 800);
      await pass(800 + 1_500);
    }
    say(test, STORY_MS - 3_200);
    await pass(STORY_MS);
    expectOneTurn(test, STORY_MS);
  });

  it('keeps the turn only for a limited time', async () => {
    const test = await asked();
    tell(test, STORY);
    say(test, 600);
    await pass(600 + 5_400);
    expectOneTurn(test, 600);
  });

  it('does not keep the turn when all of its text may have been spoken', async () => {
    const test = await asked();
    tell(test, STORY);
    say(test, STORY.length * 50);
    await pass(STORY.length * 50 + 900);
    expectOneTurn(test, STORY.length * 50);
  });

  it('may send its text after the audio of the same turn, which then ends', async () => {
    const test = await asked();
    say(test, STORY_MS);
    await pass(STORY_MS + 2_000);
    expect(test.sink.state).toBe('AI_SPEAKING');
    tell(test, STORY);
    await pass(100);
    expectOneTurn(test, STORY_MS);
  });

  it('stays in one turn when the first audio comes long before the text and the rest after it', async () => {
    const test = await asked();
    say(test, 600);
    await pass(2_500);
    tell(test, STORY);
    await pass(1_900);
    say(test, STORY_MS - 600);
    await pass(STORY_MS);
    expectOneTurn(test, STORY_MS);
  });

  it('is given time for its text only once when it never sends any', async () => {
    const test = await asked();
    say(test, 1_000);
    await pass(4_900);
    expect(test.sink.state).toBe('AI_SPEAKING');
    await pass(400);
    expect(test.sink.state).toBe('USER_SPEAKING');
    test.userSays('And then?');
    say(test, 1_000);
    await pass(1_700);
    expect(test.sink.state).toBe('USER_SPEAKING');
    test.conversation.end('client');
  });

  it('does not keep the turn for text that a correction has removed', async () => {
    const test = await asked();
    tell(test, STORY);
    say(test, 600);
    await pass(1_500);
    expect(test.sink.state).toBe('AI_SPEAKING');
    test.agent.session.tell({ type: 'reply_corrected', original: STORY, text: 'Once upon…' });
    await pass(100);
    expectOneTurn(test, 600);
  });

  it('keeps the turn during a tool call and a pause after it', async () => {
    const test = await asked();
    tell(test, STORY);
    say(test, 600);
    test.agent.session.tell({ type: 'tool_called', callId: 'tc1', name: 'get_current_time', parameters: {} });
    await pass(1_000);
    say(test, 600);
    await pass(600 + 1_900);
    say(test, STORY_MS - 1_200);
    await pass(STORY_MS);
    expectOneTurn(test, STORY_MS);
  });

  it('keeps the turn when its alignment runs ahead of its audio', async () => {
    const test = await asked();
    tell(test, STORY);
    const chars = [...STORY];
    const alignment = { chars, startMs: chars.map((_, index) => index * 65), durationMs: chars.map(() => 65) };
    test.agent.session.speak(600, 1, alignment);
    await pass(600 + 1_900);
    say(test, STORY_MS - 600);
    await pass(STORY_MS);
    expectOneTurn(test, STORY_MS);
  });
});
