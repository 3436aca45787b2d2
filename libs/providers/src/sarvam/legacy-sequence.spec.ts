import { LegacySequence } from './legacy-sequence';
import type { SequenceEvent } from './utterance-sequence';

const data = (text: string): SequenceEvent => ({ type: 'final', index: 0, text });
const START: SequenceEvent = { type: 'speech', started: true };
const END: SequenceEvent = { type: 'speech', started: false };

function begun() {
  const sequence = new LegacySequence<object>();
  const utterance = {};
  sequence.begin(utterance);
  const accept = (event: SequenceEvent) => {
    const update = sequence.accept(event);
    return update && [update.text, update.isComplete];
  };
  return { sequence, utterance, accept };
}

describe('LegacySequence', () => {
  it('completes the utterance with the answer to the flush', () => {
    const { sequence, utterance, accept } = begun();
    accept(START);
    sequence.end(utterance);
    accept(END);
    expect(accept(data('hello'))).toEqual(['hello', true]);
  });

  it('treats an empty answer as no speech', () => {
    const { sequence, utterance, accept } = begun();
    sequence.end(utterance);
    expect(accept(data(''))).toEqual(['', true]);
  });

  it('joins parts that the vendor’s voice activity detection has split, and waits for the part that is still being spoken', () => {
    const { sequence, utterance, accept } = begun();
    accept(START);
    accept(END);
    expect(accept(data('one'))).toEqual(['one', false]);
    accept(START);
    accept(END);
    accept(START);
    sequence.end(utterance);
    expect(accept(data('two'))).toEqual(['one two', false]);
    expect(accept(data('three'))).toEqual(['one two three', true]);
  });

  it('does not complete the utterance with a result that came before the flush', () => {
    const { sequence, utterance, accept } = begun();
    expect(accept(data('one'))).toEqual(['one', false]);
    sequence.end(utterance);
    expect(sequence.settled(utterance)).toBe('one');
    expect(accept(data(''))).toEqual(['one', true]);
  });

  it('uses a repeated answer only once', () => {
    const { sequence, utterance, accept } = begun();
    sequence.end(utterance);
    accept(data('hello'));
    expect(accept(data('hello'))).toEqual(['hello', true]);
  });

  it('drops results that belong to no utterance', () => {
    const { sequence, utterance, accept } = begun();
    sequence.forget(utterance);
    expect(accept(data('late'))).toBeUndefined();
    expect(sequence.settled(utterance)).toBeUndefined();
  });
});
