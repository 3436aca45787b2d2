import * as fc from 'fast-check';
import type { ChatMessage } from '../ports/language-model';
import { chatMessages } from './chat-messages';
import { PLAIN_DIALECT } from './server-dialect';

const LETTERS: Record<string, ChatMessage['role']> = { s: 'system', u: 'user', a: 'assistant' };
/** Builds messages from a short form: `s:` stands for system, `u:` for user and `a:` for assistant. */
const messages = (...lines: string[]): ChatMessage[] =>
  lines.map((line) => ({ role: LETTERS[line[0] ?? ''] ?? 'user', content: line.slice(2) }));

describe('chatMessages', () => {
  it.each([
    ['user and assistant alternate already', ['s:Be brief.', 'u:1', 'a:2', 'u:3'], ['s:Be brief.', 'u:1', 'a:2', 'u:3']],
    ['a reply was given up between two user messages', ['s:Be brief.', 'u:1', 'u:2'], ['s:Be brief.', 'u:1\n\n2']],
    ['two replies were given up', ['u:1', 'u:2', 'u:3'], ['u:1\n\n2\n\n3']],
    ['there are two assistant messages in a row', ['u:1', 'a:2', 'a:3', 'u:4'], ['u:1', 'a:2\n\n3', 'u:4']],
    ['there are two system messages', ['s:Be brief.', 's:Earlier.', 'u:1'], ['s:Be brief.\n\nEarlier.', 'u:1']],
    ['a system message is in the middle', ['u:1', 's:Be brief.', 'u:2'], ['s:Be brief.', 'u:1\n\n2']],
    ['some messages are empty', ['s: ', 'u:1', 'a:', 'u:2', 'a: \n', 'u:3'], ['u:1\n\n2\n\n3']],
    ['there are only system messages', ['s:Be brief.'], ['s:Be brief.']],
    ['the last message is the assistant’s', ['s:Be brief.', 'u:1', 'a:2'], ['s:Be brief.', 'u:1', 'a:2']],
    [
      'the first message is the assistant’s',
      ['s:Be brief.', 'a:Hello!', 'u:1'],
      ['s:Be brief.\n\nThe conversation began with these words of yours: "Hello!"', 'u:1'],
    ],
  ])('makes messages that fit any chat template when %s', (_name, sent, expected) => {
    expect(chatMessages(messages(...sent), PLAIN_DIALECT)).toEqual(messages(...expected));
  });

  it('does not change the messages it is given', () => {
    const sent = Object.freeze([
      Object.freeze({ role: 'user', content: '1' } as const),
      Object.freeze({ role: 'user', content: '2' } as const),
    ]);
    expect(chatMessages(sent, PLAIN_DIALECT)).toHaveLength(1);
    expect(sent[0]).toEqual({ role: 'user', content: '1' });
  });

  it('puts the instruction into the user’s first message when a template refuses system messages', () => {
    const dialect = { ...PLAIN_DIALECT, refusesSystem: true };
    expect(chatMessages(messages('s:Be brief.', 'u:1', 'a:2', 'u:3'), dialect)).toEqual(messages('u:Be brief.\n\n1', 'a:2', 'u:3'));
    expect(chatMessages(messages('s:Be brief.'), dialect)).toEqual(messages('u:Be brief.'));
  });

  it('puts the beginning of a reply into the instructions when a template requires the user’s message last', () => {
    const dialect = { ...PLAIN_DIALECT, refusesAssistantLast: true };
    const sent = messages('s:Go on.', 'u:1', 'a:It is');
    const said = 'Of your reply to the last message the user has got this so far: "It is"';
    expect(chatMessages(sent, dialect)).toEqual(messages(`s:Go on.\n\n${said}`, 'u:1'));
    expect(chatMessages(sent, { ...dialect, refusesSystem: true })).toEqual(messages(`u:Go on.\n\n${said}\n\n1`));
  });

  it.each([
    [20, ['s:12345', 'u:12345', 'a:12345', 'u:12345']],
    [19, ['s:12345', 'u:12345']],
    [10, ['s:12345', 'u:12345']],
    [1, ['s:12345', 'u:12345']],
  ])('keeps the newest messages when there is room for %i characters', (maxCharacters, expected) => {
    const sent = messages('s:12345', 'u:12345', 'a:12345', 'u:12345');
    expect(chatMessages(sent, { ...PLAIN_DIALECT, maxCharacters })).toEqual(messages(...expected));
  });

  it('always alternates, beginning with the user, and keeps every word', () => {
    const any = fc.record({ role: fc.constantFrom('system', 'user', 'assistant'), content: fc.constantFrom('', ' ', 'w1', 'w2', 'w3 w4') });
    const dialects = fc.record({
      without: fc.constant(PLAIN_DIALECT.without),
      refusesSystem: fc.boolean(),
      refusesAssistantLast: fc.boolean(),
      maxCharacters: fc.constant(Infinity),
    });
    const words = (all: readonly { content: string }[]) => all.flatMap(({ content }) => content.match(/w\d/g) ?? []).sort();
    fc.assert(
      fc.property(fc.array(any as fc.Arbitrary<ChatMessage>, { maxLength: 8 }), dialects, (sent, dialect) => {
        const made = chatMessages(sent, dialect);
        expect(words(made)).toEqual(words(sent));
        const turns = made.filter(({ role }) => role !== 'system');
        expect(made.findLastIndex(({ role }) => role === 'system')).toBeLessThanOrEqual(0);
        if (turns.length > 1) turns.forEach(({ role }, index) => expect(role).toBe(index % 2 === 0 ? 'user' : 'assistant'));
        for (const { content } of made) expect(content.trim()).not.toBe('');
        if (dialect.refusesSystem) expect(made).toHaveLength(turns.length);
        if (dialect.refusesAssistantLast) expect(turns.at(-1)?.role).not.toBe('assistant');
      }),
      { seed: 20_261_130, numRuns: 500 },
    );
  });
});
