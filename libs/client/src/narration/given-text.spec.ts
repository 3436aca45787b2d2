/** @jest-environment node */
import { GivenText } from './given-text';

describe('GivenText', () => {
  const given = (): GivenText => {
    const text = new GivenText();
    text.add({ type: 'text', text: 'One. ' });
    text.add({ type: 'voice', voiceId: 'bo' });
    text.add({ type: 'text', text: 'Two. ' });
    text.add({ type: 'voice', voiceId: 'anna' });
    text.add({ type: 'text', text: 'Three.' });
    return text;
  };
  const restAfter = (length: number): string[] => {
    const text = given();
    text.drop(length);
    return text.rest().map((part) => (part.type === 'text' ? part.text : `@${part.voiceId}`));
  };

  it('returns what comes after a place, in the voice that speaks there', () => {
    expect(restAfter(0)).toEqual(['One. ', '@bo', 'Two. ', '@anna', 'Three.']);
    expect(restAfter(2)).toEqual(['e. ', '@bo', 'Two. ', '@anna', 'Three.']);
    expect(restAfter(5)).toEqual(['@bo', 'Two. ', '@anna', 'Three.']);
    expect(restAfter(7)).toEqual(['@bo', 'o. ', '@anna', 'Three.']);
    expect(restAfter(99)).toEqual(['@anna']);
  });

  it('knows whether there is text left', () => {
    const text = given();
    text.drop(15);
    expect(text.hasText).toBe(true);
    text.drop(1);
    expect(text.hasText).toBe(false);
  });
});
