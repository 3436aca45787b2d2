import { RealtimeSequence } from './realtime-sequence';

type Step =
  | { begin: string }
  | { end: string }
  | { forget: string }
  | { partial: [index: number, text: string]; gives?: [name: string, text: string] }
  | { final: [index: number, text: string]; gives?: [name: string, text: string, complete?: 'complete'] };

/** Plays the steps; every result must go where the step says, or nowhere. */
function play(steps: readonly Step[]): void {
  const sequence = new RealtimeSequence<{ name: string }>();
  const named = new Map<string, { name: string }>();
  const utterance = (name: string) => named.get(name) ?? named.set(name, { name }).get(name) ?? { name };
  for (const step of steps) {
    if ('begin' in step) sequence.begin(utterance(step.begin));
    else if ('end' in step) sequence.end(utterance(step.end));
    else if ('forget' in step) sequence.forget(utterance(step.forget));
    else {
      const [index, text] = 'partial' in step ? step.partial : step.final;
      const update = sequence.accept({ type: 'partial' in step ? 'partial' : 'final', index, text });
      const got = update && [update.utterance.name, update.text, ...(update.isComplete ? ['complete'] : [])];
      expect([step, got]).toEqual([step, step.gives]);
    }
  }
}

describe('RealtimeSequence', () => {
  it('gives partials, rewritten ones too, and completes with the final after the end', () =>
    play([
      { begin: 'a' },
      { partial: [0, 'what'], gives: ['a', 'what'] },
      { partial: [0, 'watch the'], gives: ['a', 'watch the'] },
      { end: 'a' },
      { final: [0, 'What is the time?'], gives: ['a', 'What is the time?', 'complete'] },
    ]));

  it('joins what the vendor cut, in the order of its index', () =>
    play([
      { begin: 'a' },
      { final: [0, 'First part.'], gives: ['a', 'First part.'] },
      { partial: [1, 'second'], gives: ['a', 'First part. second'] },
      { end: 'a' },
      { final: [1, 'Second part.'], gives: ['a', 'First part. Second part.', 'complete'] },
    ]));

  it('takes further finals until it is forgotten', () =>
    play([
      { begin: 'a' },
      { end: 'a' },
      { final: [0, 'one'], gives: ['a', 'one', 'complete'] },
      { final: [1, 'two'], gives: ['a', 'one two', 'complete'] },
      { forget: 'a' },
      { final: [2, 'three'] },
    ]));

  it('is not complete while a part that was seen lacks its final', () =>
    play([
      { begin: 'a' },
      { partial: [0, 'one'], gives: ['a', 'one'] },
      { partial: [1, 'two'], gives: ['a', 'one two'] },
      { end: 'a' },
      { final: [0, 'One.'], gives: ['a', 'One. two'] },
      { final: [1, 'Two.'], gives: ['a', 'One. Two.', 'complete'] },
    ]));

  it('hears a repeated final once', () =>
    play([
      { begin: 'a' },
      { end: 'a' },
      { final: [0, 'yes'], gives: ['a', 'yes', 'complete'] },
      { final: [0, 'yes'], gives: ['a', 'yes', 'complete'] },
      { forget: 'a' },
      { begin: 'b' },
      { final: [0, 'yes'] },
    ]));

  it('takes nothing back of what is final: a partial that comes after it is late', () =>
    play([
      { begin: 'a' },
      { partial: [0, 'what is the'], gives: ['a', 'what is the'] },
      { end: 'a' },
      { final: [0, 'What is the time?'], gives: ['a', 'What is the time?', 'complete'] },
      { partial: [0, 'what is the'] },
      { forget: 'a' },
    ]));

  it('keeps the final of a discarded utterance from the next one', () =>
    play([
      { begin: 'discarded' },
      { partial: [0, 'umm'], gives: ['discarded', 'umm'] },
      { end: 'discarded' },
      { begin: 'b' },
      { partial: [1, 'hello'], gives: ['b', 'hello'] },
      { final: [0, 'Umm.'], gives: ['discarded', 'Umm.', 'complete'] },
      { forget: 'discarded' },
      { end: 'b' },
      { final: [1, 'Hello.'], gives: ['b', 'Hello.', 'complete'] },
    ]));

  it('keeps it also when the discarded one was too short for a partial', () =>
    play([
      { begin: 'discarded' },
      { end: 'discarded' },
      { begin: 'b' },
      { end: 'b' },
      { final: [0, 'Umm.'], gives: ['discarded', 'Umm.', 'complete'] },
      { forget: 'discarded' },
      { final: [1, 'Hello.'], gives: ['b', 'Hello.', 'complete'] },
    ]));

  it('knows the next one’s partial though the discarded one has had no result yet', () =>
    play([
      { begin: 'discarded' },
      { end: 'discarded' },
      { begin: 'b' },
      { partial: [1, 'hello'], gives: ['b', 'hello'] },
      { final: [0, 'Umm.'], gives: ['discarded', 'Umm.', 'complete'] },
      { end: 'b' },
      { final: [1, 'Hello.'], gives: ['b', 'Hello.', 'complete'] },
    ]));

  it('counts on from what was cut', () =>
    play([
      { begin: 'a' },
      { end: 'a' },
      { final: [0, 'one'], gives: ['a', 'one', 'complete'] },
      { final: [1, 'two'], gives: ['a', 'one two', 'complete'] },
      { forget: 'a' },
      { begin: 'b' },
      { end: 'b' },
      { forget: 'b' },
      { begin: 'c' },
      { final: [2, 'late'] },
      { partial: [3, 'see'], gives: ['c', 'see'] },
    ]));

  it('drops stragglers, whoever is next', () =>
    play([
      { final: [0, 'nobody’s'] },
      { begin: 'a' },
      { final: [0, 'nobody’s'] },
      { end: 'a' },
      { final: [1, ''], gives: ['a', '', 'complete'] },
    ]));

  it('is settled when every part it has seen has its final', () => {
    const sequence = new RealtimeSequence<object>();
    const utterance = {};
    sequence.begin(utterance);
    expect(sequence.settled(utterance)).toBeUndefined();
    sequence.accept({ type: 'final', index: 0, text: 'one' });
    expect(sequence.settled(utterance)).toBe('one');
    sequence.accept({ type: 'partial', index: 1, text: 'two' });
    expect(sequence.settled(utterance)).toBeUndefined();
    sequence.forget(utterance);
    expect(sequence.settled(utterance)).toBeUndefined();
  });
});
