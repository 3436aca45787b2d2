import { type ChatMessage, conversationMessages, remember, type Remembering } from './memory';

const user = (content: string): ChatMessage => ({ role: 'user', content });
const assistant = (content: string): ChatMessage => ({ role: 'assistant', content });

const nothing = (maxMemoryMessages: number, maxMemoryTokens = 1_000): Remembering => ({
  policy: { maxMemoryMessages, maxMemoryTokens },
  memory: [],
  earlier: [],
});
const rememberAll = (messages: readonly ChatMessage[], before: Remembering): Remembering => messages.reduce(remember, before);

describe('the conversation memory', () => {
  const talk = [user('1'), assistant('2'), user('3'), assistant('4'), user('5')];

  it.each([
    ['everything that fits', 60, talk],
    ['the newest messages', 3, talk.slice(2)],
    ['no answer without its question', 4, talk.slice(2)],
    ['at least the last question', 1, talk.slice(4)],
  ])('with a limit on messages keeps %s', (_, max, expected) => {
    expect(rememberAll(talk, nothing(max)).memory).toEqual(expected);
  });

  it.each([
    ['everything that fits', 5, talk],
    ['the newest tokens', 3, talk.slice(2)],
    ['no answer without its question', 4, talk.slice(2)],
    ['at least the last question', 0, talk.slice(4)],
  ])('with a limit on tokens keeps %s', (_, maxTokens, expected) => {
    expect(rememberAll(talk, nothing(60, maxTokens)).memory).toEqual(expected);
  });

  it('does not begin with an answer, even when there is room for only one message', () => {
    expect(rememberAll([user('1'), assistant('2')], nothing(1)).memory).toEqual([]);
  });

  it('does not change the memory that it is derived from', () => {
    const before = Object.freeze({ ...nothing(1), memory: Object.freeze([user('1'), assistant('2')]) });
    expect(remember(before, user('3')).memory).toEqual([user('3')]);
    expect(before.memory).toHaveLength(2);
  });
});

describe('the notes on dropped messages', () => {
  it('contain one line for each message', () => {
    const talk = [user('My name is Peter.'), assistant('Nice to\nmeet you, Peter.'), user('Thanks.')];
    expect(rememberAll(talk, nothing(1)).earlier).toEqual(['user: "My name is Peter."', 'assistant: "Nice to meet you, Peter."']);
    expect(rememberAll(talk, nothing(3)).earlier).toEqual([]);
  });

  it.each([
    ['after a whole word', `${'word '.repeat(20)}end`, `${'word '.repeat(15)}word…`],
    ['inside a word that is longer than the limit', 'x'.repeat(200), `${'x'.repeat(79)}…`],
    ['before a character, never inside it', `${'x'.repeat(78)}😀 and more of it`, `${'x'.repeat(78)}…`],
  ])('are cut %s', (_, content, note) => {
    expect(rememberAll([user(content), user('!')], nothing(1)).earlier).toEqual([`user: "${note}"`]);
  });

  it('are bounded in number, and the newest notes are kept', () => {
    const talk = Array.from({ length: 100 }, (_, index) => user(`question number ${index}, and some words more to make it long`));
    const { earlier } = rememberAll(talk, nothing(1));
    expect(earlier.join('').length).toBeLessThanOrEqual(600);
    expect(earlier.at(-1)).toContain('question number 98');
    expect(earlier.length).toBeGreaterThan(5);
  });
});

describe('the messages of a model request', () => {
  it('are the system prompt, the history and the new words', () => {
    const remembered = { memory: [user('1'), assistant('2')], earlier: [] };
    expect(conversationMessages('Be kind.', remembered, '3')).toEqual([
      { role: 'system', content: 'Be kind.' },
      user('1'),
      assistant('2'),
      user('3'),
    ]);
    expect(conversationMessages('', { memory: [], earlier: [] }, '1')).toEqual([user('1')]);
  });

  it('include the notes on dropped messages', () => {
    const remembered = { memory: [user('3')], earlier: ['user: "1"', 'assistant: "2"'] };
    expect(conversationMessages('Be kind.', remembered, '4').slice(0, 2)).toEqual([
      { role: 'system', content: 'Be kind.' },
      { role: 'system', content: 'Earlier in this conversation: user: "1"; assistant: "2"' },
    ]);
  });
});
