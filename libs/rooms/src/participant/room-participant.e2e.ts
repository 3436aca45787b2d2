import { endTestPeople, LiveKitServer } from '../testing';
import { until } from '../testing/until';
import { pitchOf, ToneEngine, toneShare } from './testing/tone-engine';
import { QUESTION, type TestAssistant, TestRoom } from './testing/test-room';
import type { TestPerson } from '../testing';

describe('the assistant in a room', () => {
  let server: LiveKitServer;
  let room: TestRoom;

  beforeAll(async () => {
    server = await LiveKitServer.start();
  });

  beforeEach(() => {
    room = new TestRoom(server);
  });

  afterEach(() => room.end());

  afterAll(async () => {
    await server.stop();
    await endTestPeople();
  });

  /** How long this person has heard the tone of that reply, in ms. */
  const toneMs = (person: TestPerson, reply: number, fromMs = 0): number => {
    const frames = person.voice()?.frames ?? [];
    return frames.filter(({ atMs, pcm, level }) => atMs >= fromMs && level > 300 && toneShare(pcm, pitchOf(reply)) > 0.5).length * 10;
  };
  const answered = (person: TestPerson, reply = 0) => until(() => toneMs(person, reply) > 300, `reply ${reply} is heard`);
  const stateOf = (person: TestPerson): string | undefined => person.inbox.states().at(-1)?.state;

  it('answers a spoken question: everybody hears it, and sees the words and what the assistant does', async () => {
    const engine = new ToneEngine();
    const asha = await room.person('asha');
    const ravi = await room.person('ravi');
    const assistant = await room.assistant(engine);
    await until(() => stateOf(ravi) === 'listening', 'the assistant listens');
    await asha.say(QUESTION);
    await answered(asha);
    await answered(ravi);
    await until(() => toneMs(asha, 0) > 1_700, 'the whole reply');
    await until(() => stateOf(ravi) === 'listening' && ravi.inbox.states().length > 3, 'the assistant listens again');
    expect(ravi.inbox.states().map(({ state }) => state)).toEqual(expect.arrayContaining(['listening', 'thinking', 'speaking']));

    await until(() => ravi.inbox.transcripts().length === 2, 'both transcripts');
    const [question, answer] = ravi.inbox.transcripts();
    expect(question).toMatchObject({ from: 'asha', text: 'what time is it' });
    expect(question.attributes).toMatchObject({ 'lk.transcription_final': 'true', 'lk.transcribed_track_id': expect.stringMatching(/^TR_/) });
    expect(answer).toMatchObject({ from: 'agent-AJ_1', text: 'It is three. Or four.' });
    expect(answer.attributes).toMatchObject({ 'lk.transcription_final': 'true' });
    const transcript = ravi.inbox.messages.map(({ message }) => message).find((message) => message.type === 'transcript' && message.is_final);
    expect(transcript).toMatchObject({ text: 'what time is it', identity: 'asha', turn: 1 });
    expect(assistant.memories.at(-1)?.messages).toEqual([
      { role: 'user', content: 'asha: what time is it' },
      { role: 'assistant', content: 'It is three. Or four.' },
    ]);
    expect(assistant.complaints).toEqual([]);
  });

  it('stops when it is interrupted, and nothing of the old reply is heard later', async () => {
    const engine = new ToneEngine({ replyMs: 10_000 });
    const asha = await room.person('asha');
    const assistant = await room.assistant(engine);
    await until(() => stateOf(asha) === 'listening', 'the assistant listens');
    await asha.say(QUESTION);
    await answered(asha, 0);
    await asha.say(QUESTION);
    await answered(asha, 1);
    const firstOfNew = asha.voice()?.frames.find(({ level, pcm }) => level > 300 && toneShare(pcm, pitchOf(1)) > 0.5)?.atMs ?? 0;
    expect(toneMs(asha, 0, firstOfNew)).toBe(0);
    expect(toneMs(asha, 0)).toBeLessThan(5_000);
    expect(assistant.memories.at(-1)?.messages[1]?.content).toMatch(/\[interrupted\]$/);
    expect(assistant.complaints).toEqual([]);
  });
});
