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
  it('completes with the answer to the flush', () => {
    const { sequence, utterance, accept } = begun();
    accept(START);
    sequence.end(utterance);
    accept(END);
    expect(accept(data('hello'))).toEqual(['hello', true]);
  });

  it('takes an empty answer for no speech', () => {
    const { sequence, utterance, accept } = begun();
    sequence.end(utterance);
    expect(accept(data(''))).toEqual(['', true]);
  });

  it('joins what the vendor’s voice activity cut, and waits for the part under way', () => {
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

  it('is not completed by a result from before the flush', () => {
    const { sequence, utterance, accept } = begun();
    expect(accept(data('one'))).toEqual(['one', false]);
    sequence.end(utterance);
    expect(sequence.settled(utterance)).toBe('one');
    expect(accept(data(''))).toEqual(['one', true]);
  });

  it('hears a repeated answer once', () => {
    const { sequence, utterance, accept } = begun();
    sequence.end(utterance);
    accept(data('hello'));
    expect(accept(data('hello'))).toEqual(['hello', true]);
  });

  it('drops results of nobody', () => {
    const { sequence, utterance, accept } = begun();
    sequence.forget(utterance);
    expect(accept(data('late'))).toBeUndefined();
    expect(sequence.settled(utterance)).toBeUndefined();
  });
});
