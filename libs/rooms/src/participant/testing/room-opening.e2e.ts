import { OUTPUT_SAMPLE_RATE_HZ } from '@parley/engine';
import { silence } from '@parley/testing/client';
import { endTestPeople, LiveKitServer, type TestPerson } from '../../testing';
import { until } from '../../testing/until';
import type { SpokenLine } from '../opening-line';
import type { OpeningOccasion } from '../room-participant-options';
import { answered, QUESTION, stateOf, TestRoom } from './test-room';
import { ToneEngine, toneShare } from './tone-engine';

/** Unlike all replies of the engine. */
const PITCH_HZ = 300;

function line(text: string, durationMs: number): SpokenLine {
  const pcm = new Int16Array((OUTPUT_SAMPLE_RATE_HZ * durationMs) / 1_000);
  return { text, pcm: pcm.map((_, index) => Math.round(8_000 * Math.sin((2 * Math.PI * PITCH_HZ * index) / OUTPUT_SAMPLE_RATE_HZ))) };
}

const GREETING = line('Hello everybody. How can I help?', 2_000);
const LONG_GREETING = line('Hello everybody. This takes much longer than anybody wants to listen.', 30_000);

/** How long this person has heard an opening line, in ms. */
const lineMs = (person: TestPerson): number =>
  (person.voice()?.frames ?? []).filter(({ pcm, level }) => level > 300 && toneShare(pcm, PITCH_HZ) > 0.5).length * 10;

const statesOf = (person: TestPerson): string[] => person.inbox.states().map(({ state }) => state);

describe('what the assistant says first in a room', () => {
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

  const openingLine = (greeting: SpokenLine) => (occasion: OpeningOccasion) =>
    Promise.resolve(occasion === 'greeting' ? greeting : line('I am back.', 1_000));

  it('is heard from its beginning by whoever comes first, and shown to them', async () => {
    const engine = new ToneEngine();
    const assistant = await room.assistant(engine, {}, { openingLine: openingLine(GREETING) });
    const asha = await room.person('asha');
    await until(() => statesOf(asha).includes('speaking') && stateOf(asha) === 'listening', 'the end of the greeting');
    expect(lineMs(asha)).toBeGreaterThan(1_500);
    expect(asha.inbox.transcripts().map(({ text }) => text)).toEqual([GREETING.text]);
    expect(assistant.complaints).toEqual([]);
  });

  it('is nothing that the model reads or remembers', async () => {
    const engine = new ToneEngine();
    const asha = await room.person('asha');
    const assistant = await room.assistant(engine, {}, { openingLine: openingLine(GREETING) });
    await until(() => lineMs(asha) > 1_500, 'the greeting');
    await asha.chat('what time is it?');
    await answered(asha, 0);
    expect(engine.fakes.llm.replies.at(-1)?.request.messages.map(({ content }) => content)).toEqual(['what time is it?']);
    await until(() => assistant.memories.at(-1)?.messages.length === 2, 'the answer is remembered');
  });

  it('falls silent when somebody speaks, who is answered as always', async () => {
    const engine = new ToneEngine();
    const asha = await room.person('asha');
    await room.assistant(engine, {}, { openingLine: openingLine(LONG_GREETING) });
    await until(() => lineMs(asha) > 500, 'the greeting');
    await asha.say(QUESTION);
    await answered(asha, 0);
    expect(lineMs(asha)).toBeLessThan(15_000);
    await until(() => asha.inbox.messages.some(({ message }) => message.type === 'interruption' && message.turn === 0), 'the interruption');
    const shown = asha.inbox.transcripts().find(({ from }) => from.startsWith('agent-'));
    expect(LONG_GREETING.text.startsWith(shown?.text.replace(/\W+$/, '') ?? '-')).toBe(true);
  });

  it.each([
    ['writes', (person: TestPerson) => person.chat('stop please')],
    ['presses the stop button', (person: TestPerson) => person.send({ type: 'interrupt' })],
  ])('falls silent when somebody %s', async (_, act) => {
    const asha = await room.person('asha', { microphone: false });
    await room.assistant(new ToneEngine(), {}, { openingLine: openingLine(LONG_GREETING) });
    await until(() => lineMs(asha) > 500, 'the greeting');
    await act(asha);
    await until(() => asha.inbox.messages.some(({ message }) => message.type === 'interruption'), 'the interruption');
    // What was under way arrives; then there is nothing more.
    await until(() => performance.now() - lastLineMs(asha) > 1_000, 'silence');
  });

  it('is another line when the assistant goes on in the place of one that was lost', async () => {
    const engine = new ToneEngine();
    const asha = await room.person('asha');
    const memory = { messages: [], earlier: [], turn: 3 };
    await room.assistant(engine, {}, { openingLine: openingLine(GREETING), memory });
    await until(() => asha.inbox.transcripts().length > 0 && stateOf(asha) === 'listening', 'the line');
    await asha.say(silence(500));
    expect(asha.inbox.transcripts().map(({ text }) => text)).toEqual(['I am back.']);
  });

  it('is left out when it cannot be made, and the conversation goes on', async () => {
    const engine = new ToneEngine();
    const asha = await room.person('asha');
    const assistant = await room.assistant(engine, {}, { openingLine: () => Promise.reject(new Error('no voice')) });
    await asha.chat('what time is it?');
    await answered(asha, 0);
    expect(assistant.complaints).toHaveLength(1);
  });
});

const lastLineMs = (person: TestPerson): number =>
  (person.voice()?.frames ?? []).findLast(({ pcm, level }) => level > 300 && toneShare(pcm, PITCH_HZ) > 0.5)?.atMs ?? 0;
