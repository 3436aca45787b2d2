import { heardLength } from './heard-length';

describe('heardLength', () => {
  const text = 'Once upon a time, there was a "king".';

  it.each([
    ['', ''],
    ['Once upon', 'Once upon'],
    ['once  upon a time', 'Once upon a time'],
    ['Once upon a time there', 'Once upon a time, there'],
    ['Once upon a time, there was a king.', 'Once upon a time, there was a "king'],
    ['Once up', 'Once up'],
  ])('finds the heard words %j in the text', (heard, expected) => {
    expect(text.slice(0, heardLength(text, heard))).toBe(expected);
  });

  it('counts the whole text as heard when it ends before the heard words do', () => {
    expect(heardLength('Once upon', 'Once upon a time')).toBe(9);
  });

  it('does not guess when the words are different', () => {
    expect(heardLength(text, 'Twice upon')).toBeUndefined();
  });

  it('treats combining marks of other scripts as part of their letters', () => {
    const hindi = 'नमस्ते, आप कैसे हैं?';
    expect(hindi.slice(0, heardLength(hindi, 'नमस्ते आप'))).toBe('नमस्ते, आप');
  });
});
