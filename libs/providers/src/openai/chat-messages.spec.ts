import * as fc from 'fast-check';
import type { ChatMessage } from '../ports/language-model';
import { chatMessages } from './chat-messages';
import { PLAIN_DIALECT } from './server-dialect';

const LETTERS: Record<string, 'system' | 'user' | 'assistant'> = { s: 'system', u: 'user', a: 'assistant' };
/** Builds messages from a short form: `s:` stands for system, `u:` for user and `a:` for assistant. */
const messages = (...lines: string[]): ChatMessage[] =>
  lines.map((line) => ({ role: LETTERS[line[0] ?? ''] ?? 'user', content: line.slice(2) }));

const contentOf = ({ content }: { content?: unknown }): string => (typeof content === 'string' ? content : '');
const words = (all: readonly { content?: unknown }[]) => all.flatMap((message) => contentOf(message).match(/w\d/g) ?? []).sort();

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
    fc.assert(
      fc.property(fc.array(any as fc.Arbitrary<ChatMessage>, { maxLength: 8 }), dialects, (sent, dialect) => {
        const made = chatMessages(sent, dialect);
        expect(words(made)).toEqual(words(sent));
        const turns = made.filter(({ role }) => role !== 'system');
        expect(made.findLastIndex(({ role }) => role === 'system')).toBeLessThanOrEqual(0);
        if (turns.length > 1) turns.forEach(({ role }, index) => expect(role).toBe(index % 2 === 0 ? 'user' : 'assistant'));
        for (const message of made) expect(contentOf(message).trim()).not.toBe('');
        if (dialect.refusesSystem) expect(made).toHaveLength(turns.length);
        if (dialect.refusesAssistantLast) expect(turns.at(-1)?.role).not.toBe('assistant');
      }),
      { seed: 20_261_130, numRuns: 500 },
    );
  });

  describe('with tools', () => {
    const call = (id: string, city: string) => ({ id, name: 'get_time', arguments: `{"city":"${city}"}` });
    const sentCall = (id: string, city: string) => ({
      id,
      type: 'function',
      function: { name: 'get_time', arguments: `{"city":"${city}"}` },
    });
    const question = { role: 'user', content: 'What time is it in Kochi?' } as const;
    const calling = { role: 'assistant', content: '', toolCalls: [call('c1', 'Kochi')] } as const;
    const result = { role: 'tool', toolCallId: 'c1', content: '10:05' } as const;
    const answer = { role: 'assistant', content: 'Five past ten.' } as const;
    const sentExchange = [
      { role: 'assistant', content: null, tool_calls: [sentCall('c1', 'Kochi')] },
      { role: 'tool', tool_call_id: 'c1', content: '10:05' },
    ];
    const IN_WORDS = 'You used the tool "get_time" with {"city":"Kochi"}. Its result: 10:05';
    const withoutTools = { ...PLAIN_DIALECT, without: new Set(['tools'] as const) };

    it('keeps calls with their results, and what the assistant said before them', () => {
      const spoken = { ...calling, content: 'Let me see.' };
      expect(chatMessages([question, calling, result, answer], PLAIN_DIALECT)).toEqual([question, ...sentExchange, answer]);
      expect(chatMessages([question, spoken, result], PLAIN_DIALECT)[1]).toEqual({ ...sentExchange[0], content: 'Let me see.' });
    });

    it.each<[string, ChatMessage[], unknown[]]>([
      [
        'a call has no result',
        [question, { ...calling, toolCalls: [call('c1', 'Kochi'), call('c2', 'Pune')] }, result],
        [question, ...sentExchange],
      ],
      ['no call has a result', [question, calling, question], [{ role: 'user', content: `${question.content}\n\n${question.content}` }]],
      [
        'a result has no call',
        [question, answer, { ...result, toolCallId: 'c9' }],
        [question, answer, { role: 'user', content: 'You used a tool. Its result: 10:05' }],
      ],
      [
        'the result comes after another message',
        [question, calling, { role: 'user', content: 'Hurry.' }, result],
        [{ role: 'user', content: `${question.content}\n\nHurry.\n\nYou used a tool. Its result: 10:05` }],
      ],
      ['the conversation begins with a call', [calling, result, answer], [{ role: 'user', content: IN_WORDS }, answer]],
    ])('sends only calls that are followed by their results when %s', (_name, sent, expected) => {
      expect(chatMessages(sent, PLAIN_DIALECT)).toEqual(expected);
    });

    it('tells a server that takes no tools in words what they returned', () => {
      expect(chatMessages([question, { ...calling, content: 'Let me see.' }, result, answer], withoutTools)).toEqual([
        question,
        { role: 'assistant', content: 'Let me see.' },
        { role: 'user', content: IN_WORDS },
        answer,
      ]);
      expect(chatMessages([question, calling, result], withoutTools)).toEqual([
        { role: 'user', content: `${question.content}\n\n${IN_WORDS}` },
      ]);
    });

    it('sends results only directly after their calls, calls only with their results, and keeps every word', () => {
      const ids = fc.constantFrom('c1', 'c2', 'c3');
      const content = fc.constantFrom('', 'w1', 'w2');
      const any = fc.oneof(
        fc.record({ role: fc.constantFrom('system' as const, 'user' as const, 'assistant' as const), content }),
        fc.record({
          role: fc.constant('assistant' as const),
          content,
          toolCalls: fc.uniqueArray(ids).map((all) => all.map((id) => call(id, 'Pune'))),
        }),
        fc.record({ role: fc.constant('tool' as const), toolCallId: ids, content: fc.constantFrom('w3', 'w4') }),
      );
      const dialects = fc.constantFrom(PLAIN_DIALECT, withoutTools, { ...PLAIN_DIALECT, refusesSystem: true, refusesAssistantLast: true });
      // A second result of the same call is never given.
      const sentOnce = (sent: readonly ChatMessage[]) => {
        const given = new Set<string>();
        return sent.filter((message) => message.role !== 'tool' || (!given.has(message.toolCallId) && given.add(message.toolCallId)));
      };
      fc.assert(
        fc.property(fc.array(any, { maxLength: 10 }).map(sentOnce), dialects, (sent, dialect) => {
          const made = chatMessages(sent, dialect);
          expect(words(made)).toEqual(words(sent));
          let expected: string[] = [];
          for (const message of made) {
            if (message.role === 'tool') expect(message.tool_call_id).toBe(expected.shift());
            else expect(expected.splice(0)).toEqual([]);
            if (message.role === 'assistant') expected = (message.tool_calls ?? []).map(({ id }) => id);
          }
          expect(expected).toEqual([]);
          if (dialect.without.has('tools')) expect(made.every((message) => message.role !== 'tool')).toBe(true);
        }),
        { seed: 20_261_130, numRuns: 500 },
      );
    });

    it('never separates a call from its result or from its question when there is no room', () => {
      const small = { ...PLAIN_DIALECT, maxCharacters: 30 };
      expect(chatMessages([question, calling, result, answer, question], small)).toEqual([question]);
      expect(chatMessages([question, answer, question, calling, result], small)).toEqual([question, ...sentExchange]);
    });
  });
});
