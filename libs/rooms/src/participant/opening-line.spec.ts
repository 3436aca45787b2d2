import type { ConversationEvent } from '@parley/engine';
import { OpeningLine, type SpokenLine } from './opening-line';

/** Two seconds. */
const LINE: SpokenLine = { text: 'Hello everybody. How can I help?', pcm: new Int16Array(48_000) };

function given() {
  const done: string[] = [];
  const told: ConversationEvent[] = [];
  const opening = new OpeningLine({
    output: {
      play: ({ turn, pcm, last }) => done.push(`play ${turn}: ${pcm.length}${last ? ', all' : ''}`),
      clear: (turn) => done.push(`clear ${turn}`),
      duck: (_, on) => done.push(on ? 'duck' : 'restore'),
    },
    tell: (event) => told.push(event),
    userTurn: () => 1,
  });
  const frames = (count: number, isVoice: boolean): void => {
    for (let frame = 0; frame < count; frame++) opening.heard(isVoice);
  };
  const states = () => told.flatMap((event) => (event.type === 'state_changed' ? `${event.phase} ${event.turn}` : []));
  return { opening, done, told, frames, states };
}

describe('OpeningLine', () => {
  it('is played, shown and over when it was heard to its end', () => {
    const { opening, done, told, states } = given();
    opening.say(LINE);
    expect(done).toEqual(['play 0: 48000, all']);
    expect(told).toContainEqual({ type: 'reply_text', turn: 0, text: '', final: { fullText: LINE.text } });
    expect(opening.reported({ turn: 0, event: 'progress', playedMs: 1_000 })).toBe(true);
    expect(states()).toEqual(['AI_SPEAKING 0']);
    opening.reported({ turn: 0, event: 'ended', playedMs: 2_000 });
    expect(states()).toEqual(['AI_SPEAKING 0', 'USER_SPEAKING 1']);
    opening.stop('button');
    expect(told.filter(({ type }) => type === 'interrupted')).toEqual([]);
  });

  it('leaves the reports about the conversation alone', () => {
    const { opening } = given();
    expect(opening.reported({ turn: 1, event: 'ended', playedMs: 100 })).toBe(false);
  });

  it.each(['text', 'button'] as const)('is stopped by %s, and then shows only what was heard', (reason) => {
    const { opening, done, told, states } = given();
    opening.say(LINE);
    opening.reported({ turn: 0, event: 'progress', playedMs: 1_150 });
    opening.stop(reason);
    opening.stop(reason);
    expect(done.slice(1)).toEqual(['clear 0']);
    expect(told.slice(-3)).toEqual([
      { type: 'reply_text', turn: 0, text: '', final: { fullText: LINE.text, heardText: 'Hello everybody.' } },
      { type: 'interrupted', turn: 0, reason },
      { type: 'state_changed', phase: 'USER_SPEAKING', turn: 1 },
    ]);
    expect(states()).toHaveLength(2);
  });

  it('is softer as soon as somebody may be speaking, and stops when they do', () => {
    const { opening, done, told, frames } = given();
    opening.say(LINE);
    frames(10, true);
    expect(done.slice(1)).toEqual(['duck']);
    frames(20, true);
    expect(done.slice(1)).toEqual(['duck', 'clear 0', 'restore']);
    expect(told).toContainEqual({ type: 'interrupted', turn: 0, reason: 'speech' });
  });

  it('goes on after a cough', () => {
    const { opening, done, frames } = given();
    opening.say(LINE);
    for (let coughs = 0; coughs < 5; coughs++) {
      frames(20, true);
      frames(20, false);
    }
    expect(new Set(done.slice(1))).toEqual(new Set(['duck', 'restore']));
  });

  it.each([
    ['speaks', (test: ReturnType<typeof given>) => test.frames(30, true)],
    ['writes', (test: ReturnType<typeof given>) => test.opening.stop('text')],
  ])('is not said at all if somebody %s before it is there', (_, act) => {
    const test = given();
    act(test);
    test.opening.say(LINE);
    expect([test.done, test.told]).toEqual([[], []]);
  });

  it('is said once, and nothing is said without sound', () => {
    const { opening, done } = given();
    opening.say({ text: 'Hello', pcm: new Int16Array(0) });
    opening.say(LINE);
    opening.say(LINE);
    expect(done).toHaveLength(1);
  });
});
