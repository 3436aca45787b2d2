import { writtenStyle } from './written-style';

describe('written style', () => {
  it.each([
    ['what time is it', 'What time is it?'],
    ['and what about tomorrow', 'And what about tomorrow?'],
    ['please tell me a joke', 'Please tell me a joke.'],
    ["i think i'm late and i'd better go", "I think I'm late and I'd better go."],
    ['can you hear me', 'Can you hear me?'],
    ['stop', 'Stop.'],
    ['island hopping is fun', 'Island hopping is fun.'],
    [' ', ''],
  ])('writes "%s" as "%s"', (words, text) => {
    expect(writtenStyle(words)).toBe(text);
  });
});
