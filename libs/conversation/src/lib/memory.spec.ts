import { type ChatMessage, conversationMessages, type Memory, remember } from './memory';

const user = (content: string): ChatMessage => ({ role: 'user', content });
const assistant = (content: string): ChatMessage => ({ role: 'assistant', content });
const rememberAll = (messages: readonly ChatMessage[], max: number): Memory =>
  messages.reduce<Memory>((memory, message) => remember(memory, message, max), []);

describe('memory', () => {
  const talk = [user('1'), assistant('2'), user('3'), assistant('4'), user('5')];

  it.each([
    ['everything that fits', 60, talk],
    ['the newest messages', 3, talk.slice(2)],
    ['no answer without its question', 4, talk.slice(2)],
    ['the last question at least', 1, talk.slice(4)],
  ])('keeps %s', (_, max, expected) => {
    expect(rememberAll(talk, max)).toEqual(expected);
  });

  it('does not begin with an answer, even where there is room for one message only', () => {
    expect(rememberAll([user('1'), assistant('2')], 1)).toEqual([]);
  });

  it('leaves the memory before it as it was', () => {
    const before: Memory = Object.freeze([user('1'), assistant('2')]);
    expect(remember(before, user('3'), 1)).toEqual([user('3')]);
    expect(before).toHaveLength(2);
  });
});

describe('the messages of a request', () => {
  it('are the system prompt, the history and the new words', () => {
    expect(conversationMessages('Be kind.', [user('1'), assistant('2')], '3')).toEqual([
      { role: 'system', content: 'Be kind.' },
      user('1'),
      assistant('2'),
      user('3'),
    ]);
    expect(conversationMessages('', [], '1')).toEqual([user('1')]);
  });
});
