import { assistantIsQuiet, assistantListens, hearsAssistant, type RoomsUnderTest, type TestPerson } from '@parley/rooms/testing';
import { type Fixture, fixture, poll } from '@parley/testing/client';

const TIMEOUT_MS = 60_000;

/** From the request for a token until the assistant's track is there, in ms. */
export async function measureJoin(rooms: RoomsUnderTest): Promise<number> {
  const startedAtMs = performance.now();
  const person = await rooms.join({ room: rooms.newRoom(), identity: 'asha' });
  await poll(
    'the track of the assistant',
    async () => person.voice()?.subscribedAtMs,
    (atMs) => atMs !== undefined,
    TIMEOUT_MS,
  );
  const joinedMs = (person.voice()?.subscribedAtMs ?? NaN) - startedAtMs;
  await person.leave();
  return joinedMs;
}

/** Says that, and resolves with when its last voiced sample was "captured". */
async function ask(person: TestPerson, question: Fixture): Promise<number> {
  const capturedFromMs = await person.say(question.pcm);
  return capturedFromMs + Math.max(...question.speech.map(({ endMs }) => endMs));
}

/** From the last voiced sample of a question until the first sample of the answer is heard, in ms. */
export async function measureAnswer(person: TestPerson): Promise<number> {
  await assistantIsQuiet(person);
  const endedAtMs = await ask(person, fixture('clean-sum.wav'));
  return (await hearsAssistant(person, endedAtMs)) - endedAtMs;
}

/** From the message that the assistant was interrupted until its last sample is heard, in ms. */
export async function measureInterruption(person: TestPerson): Promise<number> {
  await assistantIsQuiet(person);
  const askedAtMs = await ask(person, fixture('clean-story.wav'));
  await hearsAssistant(person, askedAtMs);
  const before = person.inbox.messages.length;
  void person.say(fixture('interrupt-short.wav').pcm);
  const interruption = async () => person.inbox.messages.slice(before).find(({ message }) => message.type === 'interruption');
  const decided = await poll('the interruption', interruption, (found) => found !== undefined, TIMEOUT_MS);
  const decidedAtMs = decided?.atMs ?? NaN;
  // The next answer comes later than this, after 900 ms of silence.
  await new Promise((resolve) => setTimeout(resolve, 700));
  const last = person.voice()?.lastSoundBefore(decidedAtMs + 700) ?? decidedAtMs;
  return Math.max(0, last - decidedAtMs);
}

/** Somebody in a room of its own whose assistant listens. */
export async function inRoom(rooms: RoomsUnderTest): Promise<TestPerson> {
  const person = await rooms.join({ room: rooms.newRoom(), identity: 'asha' });
  await assistantListens(person);
  return person;
}
