import { RealtimeSequence } from './realtime-sequence';

type Step =
  | { begin: string }
  | { end: string }
  | { forget: string }
  | { partial: [index: number, text: string]; gives?: [name: string, text: string] }
  | { final: [index: number, text: string]; gives?: [name: string, text: string, complete?: 'complete'] };

/** Plays the steps and expects every result to go to the utterance that the step names, or to none if it names none. */
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
  it('passes on partials, even rewritten ones, and completes with the final after the end', () =>
    play([
      { begin: 'a' },
      { partial: [0, 'what'], gives: ['a', 'what'] },
      { partial: [0, 'watch the'], gives: ['a', 'watch the'] },
      { end: 'a' },
      { final: [0, 'What is the time?'], gives: ['a', 'What is the time?', 'complete'] },
    ]));

  it('joins the parts of an utterance that the vendor has split, in the order of their index', () =>
    play([
      { begin: 'a' },
      { final: [0, 'First part.'], gives: ['a', 'First part.'] },
      { partial: [1, 'second'], gives: ['a', 'First part. second'] },
      { end: 'a' },
      { final: [1, 'Second part.'], gives: ['a', 'First part. Second part.', 'complete'] },
    ]));

  it('accepts further finals until the utterance is forgotten', () =>
    play([
      { begin: 'a' },
      { end: 'a' },
      { final: [0, 'one'], gives: ['a', 'one', 'complete'] },
      { final: [1, 'two'], gives: ['a', 'one two', 'complete'] },
      { forget: 'a' },
      { final: [2, 'three'] },
    ]));

  it('does not complete an utterance while one of its parts has no final', () =>
    play([
      { begin: 'a' },
      { partial: [0, 'one'], gives: ['a', 'one'] },
      { partial: [1, 'two'], gives: ['a', 'one two'] },
      { end: 'a' },
      { final: [0, 'One.'], gives: ['a', 'One. two'] },
      { final: [1, 'Two.'], gives: ['a', 'One. Two.', 'complete'] },
    ]));

  it('uses a repeated final only once', () =>
    play([
      { begin: 'a' },
      { end: 'a' },
      { final: [0, 'yes'], gives: ['a', 'yes', 'complete'] },
      { final: [0, 'yes'], gives: ['a', 'yes', 'complete'] },
      { forget: 'a' },
      { begin: 'b' },
      { final: [0, 'yes'] },
    ]));

  it('ignores a partial that arrives after the final of the same part', () =>
    play([
      { begin: 'a' },
      { partial: [0, 'what is the'], gives: ['a', 'what is the'] },
      { end: 'a' },
      { final: [0, 'What is the time?'], gives: ['a', 'What is the time?', 'complete'] },
      { partial: [0, 'what is the'] },
      { forget: 'a' },
    ]));

  it('does not give the final of a discarded utterance to the next one', () =>
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

  it('does not give the final of a discarded utterance to the next one even if the discarded one had no partial', () =>
    play([
      { begin: 'discarded' },
      { end: 'discarded' },
      { begin: 'b' },
      { end: 'b' },
      { final: [0, 'Umm.'], gives: ['discarded', 'Umm.', 'complete'] },
      { forget: 'discarded' },
      { final: [1, 'Hello.'], gives: ['b', 'Hello.', 'complete'] },
    ]));

  it('assigns a partial to the next utterance while the discarded one still has no result', () =>
    play([
      { begin: 'discarded' },
      { end: 'discarded' },
      { begin: 'b' },
      { partial: [1, 'hello'], gives: ['b', 'hello'] },
      { final: [0, 'Umm.'], gives: ['discarded', 'Umm.', 'complete'] },
      { end: 'b' },
      { final: [1, 'Hello.'], gives: ['b', 'Hello.', 'complete'] },
    ]));

  it('continues counting after the parts of an utterance that the vendor has split', () =>
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

  it('drops late results of earlier utterances', () =>
    play([
      { final: [0, 'nobody’s'] },
      { begin: 'a' },
      { final: [0, 'nobody’s'] },
      { end: 'a' },
      { final: [1, ''], gives: ['a', '', 'complete'] },
    ]));

  it('considers an utterance settled when every part that has been seen has its final', () => {
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
