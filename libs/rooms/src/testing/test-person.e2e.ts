import { fixture, poll } from '@parley/testing/client';
import { LiveKitServer } from './livekit-server';
import { roomToken } from './room-token';
import { endTestPeople, TestPerson } from './index';

describe('test people', () => {
  let server: LiveKitServer;
  const people: TestPerson[] = [];

  const join = async (identity: string): Promise<TestPerson> => {
    const person = await TestPerson.join({ url: server.url, token: await roomToken(server, { room: 'kitchen', identity }) });
    people.push(person);
    return person;
  };

  beforeAll(async () => {
    server = await LiveKitServer.start();
  });

  afterEach(async () => {
    for (const person of people.splice(0)) await person.leave();
  });

  afterAll(async () => {
    await server.stop();
    await endTestPeople();
  });

  it('hear each other, and nothing but the noise of a room before somebody speaks', async () => {
    const [speaker, listener] = [await join('ann'), await join('bob')];
    const heard = await poll(
      'the speaker’s track',
      async () => listener.voice('ann'),
      (voice) => (voice?.frames.length ?? 0) > 50,
      20_000,
    );
    expect(heard?.soundMs()).toBe(0);
    const { pcm, speech } = fixture('clean-time.wav');
    await speaker.say(pcm);
    const spokenMs = speech[0].endMs - speech[0].startMs;
    await poll(
      'the question',
      async () => heard?.soundMs() ?? 0,
      (soundMs) => soundMs > spokenMs * 0.6,
      20_000,
    );
    expect(speaker.voice('bob')?.soundMs()).toBe(0);
  });

  it('receive what others write, whole and with their identity', async () => {
    const [writer, reader] = [await join('ann'), await join('bob')];
    await writer.chat('What is seven plus five?');
    await poll(
      'the text',
      async () => reader.inbox.texts,
      (texts) => texts.some(({ isComplete }) => isComplete),
      20_000,
    );
    expect(reader.inbox.texts).toEqual([
      expect.objectContaining({ topic: 'lk.chat', from: 'ann', text: 'What is seven plus five?', isComplete: true }),
    ]);
  });

  it('are refused with a token of another server', async () => {
    const token = await roomToken(
      { apiKey: server.apiKey, apiSecret: 'another_secret_another_secret_another' },
      { room: 'kitchen', identity: 'eve' },
    );
    await expect(TestPerson.join({ url: server.url, token })).rejects.toThrow();
  });
});
