import * as fc from 'fast-check';
import type { ChatMessage } from '../ports/language-model';
import { chatMessages } from './chat-messages';
import { PLAIN_DIALECT } from './server-dialect';

const LETTERS: Record<string, ChatMessage['role']> = { s: 'system', u: 'user', a: 'assistant' };
/** `s:Be brief. u:Hello.` as messages. */
const messages = (...lines: string[]): ChatMessage[] =>
  lines.map((line) => ({ role: LETTERS[line[0] ?? ''] ?? 'user', content: line.slice(2) }));

describe('the messages of a request', () => {
  it.each([
    ['alternate already', ['s:Be brief.', 'u:1', 'a:2', 'u:3'], ['s:Be brief.', 'u:1', 'a:2', 'u:3']],
    ['follow a reply that was given up', ['s:Be brief.', 'u:1', 'u:2'], ['s:Be brief.', 'u:1\n\n2']],
    ['follow two of them', ['u:1', 'u:2', 'u:3'], ['u:1\n\n2\n\n3']],
    ['have two of the assistant’s', ['u:1', 'a:2', 'a:3', 'u:4'], ['u:1', 'a:2\n\n3', 'u:4']],
    ['have two instructions', ['s:Be brief.', 's:Earlier.', 'u:1'], ['s:Be brief.\n\nEarlier.', 'u:1']],
    ['have an instruction in the middle', ['u:1', 's:Be brief.', 'u:2'], ['s:Be brief.', 'u:1\n\n2']],
    ['have empty ones', ['s: ', 'u:1', 'a:', 'u:2', 'a: \n', 'u:3'], ['u:1\n\n2\n\n3']],
    ['have nothing but instructions', ['s:Be brief.'], ['s:Be brief.']],
    ['end on the assistant’s words', ['s:Be brief.', 'u:1', 'a:2'], ['s:Be brief.', 'u:1', 'a:2']],
    [
      'begin with the assistant’s words',
      ['s:Be brief.', 'a:Hello!', 'u:1'],
      ['s:Be brief.\n\nThe conversation began with these words of yours: "Hello!"', 'u:1'],
    ],
  ])('are fit for any template where they %s', (_name, sent, expected) => {
    expect(chatMessages(messages(...sent), PLAIN_DIALECT)).toEqual(messages(...expected));
  });

  it('are left as they were', () => {
    const sent = Object.freeze([
      Object.freeze({ role: 'user', content: '1' } as const),
      Object.freeze({ role: 'user', content: '2' } as const),
    ]);
    expect(chatMessages(sent, PLAIN_DIALECT)).toHaveLength(1);
    expect(sent[0]).toEqual({ role: 'user', content: '1' });
  });

  it('have the instruction among the user’s words where a template has no place for it', () => {
    const dialect = { ...PLAIN_DIALECT, refusesSystem: true };
    expect(chatMessages(messages('s:Be brief.', 'u:1', 'a:2', 'u:3'), dialect)).toEqual(messages('u:Be brief.\n\n1', 'a:2', 'u:3'));
    expect(chatMessages(messages('s:Be brief.'), dialect)).toEqual(messages('u:Be brief.'));
  });

  it('have the beginning of a reply among the instructions where a template wants the user’s words last', () => {
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
  ])('are the newest ones where there is room for %i characters', (maxCharacters, expected) => {
    const sent = messages('s:12345', 'u:12345', 'a:12345', 'u:12345');
    expect(chatMessages(sent, { ...PLAIN_DIALECT, maxCharacters })).toEqual(messages(...expected));
  });

  it('alternate from the user’s on and hold every word, whatever is sent', () => {
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
