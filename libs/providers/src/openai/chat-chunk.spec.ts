import { finishReason, readChatChunk } from './chat-chunk';

const NONE = {
  isChat: true,
  text: '',
  wholeText: '',
  toolCalls: [],
  wholeToolCalls: [],
  isReasoning: false,
  finish: undefined,
  usage: undefined,
};
const delta = (fields: object | null) => ({ choices: [{ delta: fields, finish_reason: null }] });

describe('readChatChunk', () => {
  it.each([
    ['a chunk with only the role', { ...delta({ role: 'assistant', content: '' }), usage: null }, NONE],
    ['text', delta({ content: 'Hel' }), { ...NONE, text: 'Hel' }],
    ['reasoning', delta({ reasoning_content: 'hm', content: null }), { ...NONE, isReasoning: true }],
    ['reasoning under the name that Ollama uses', delta({ reasoning: 'hm', content: '' }), { ...NONE, isReasoning: true }],
    [
      'reasoning in one field while the other field is empty',
      delta({ reasoning_content: '', reasoning: 'hm' }),
      { ...NONE, isReasoning: true },
    ],
    [
      'reasoning in the field reasoning_details',
      delta({ content: '', reasoning_details: [{ text: 'hm' }] }),
      { ...NONE, isReasoning: true },
    ],
    ['text beside empty reasoning fields', delta({ content: 'Hel', reasoning: null, reasoning_details: [] }), { ...NONE, text: 'Hel' }],
    ['a refusal as text', delta({ content: null, refusal: 'I’m sorry' }), { ...NONE, text: 'I’m sorry' }],
    ['a refusal beside empty text', delta({ content: '', refusal: 'I’m sorry' }), { ...NONE, text: 'I’m sorry' }],
    ['text beside an empty refusal', delta({ content: 'Hel', refusal: null }), { ...NONE, text: 'Hel' }],
    ['text in parts', delta({ content: [{ type: 'text', text: 'Hel' }, 'lo', null, 3] }), { ...NONE, text: 'Hello' }],
    ['a refusal in parts', delta({ content: [{ type: 'refusal', refusal: 'No.' }] }), { ...NONE, text: 'No.' }],
    [
      'reasoning in parts',
      delta({
        content: [
          { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] },
          { type: 'text', text: 'Hel' },
        ],
      }),
      { ...NONE, text: 'Hel', isReasoning: true },
    ],
    ['the finish reason', { choices: [{ delta: {}, finish_reason: 'stop' }] }, { ...NONE, finish: 'stop' }],
    ['the finish reason without a delta', { choices: [{ finish_reason: 'length' }] }, { ...NONE, finish: 'length' }],
    [
      'the finish reason together with text',
      { choices: [{ delta: { content: '.' }, finish_reason: 'stop' }] },
      { ...NONE, text: '.', finish: 'stop' },
    ],
    ['an empty finish reason as none', { choices: [{ delta: { content: 'a' }, finish_reason: '' }] }, { ...NONE, text: 'a' }],
    ['the finish reason “null” as none', { choices: [{ delta: { content: 'a' }, finish_reason: 'null' }] }, { ...NONE, text: 'a' }],
    ['a delta that is null', delta(null), NONE],
    ['a choice that is null', { choices: [null] }, NONE],
    [
      'the token usage',
      { choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 } },
      { ...NONE, usage: { promptTokens: 3, completionTokens: 2 } },
    ],
    [
      'the token usage without choices',
      { usage: { prompt_tokens: 3, completion_tokens: 2 } },
      { ...NONE, isChat: false, usage: { promptTokens: 3, completionTokens: 2 } },
    ],
    ['choices that are null as no part of a chat', { choices: null, usage: { prompt_tokens: 3 } }, { ...NONE, isChat: false }],
    ['a chunk without choices as no part of a chat', { object: 'chat.completion.chunk' }, { ...NONE, isChat: false }],
    [
      'a whole message',
      { choices: [{ message: { content: 'Hello' }, finish_reason: 'stop' }] },
      { ...NONE, wholeText: 'Hello', finish: 'stop' },
    ],
    ['text under the name that older servers use', { choices: [{ text: 'Hel', finish_reason: null }] }, { ...NONE, text: 'Hel' }],
  ])('reads %s', (_name, event, expected) => expect(readChatChunk(event)).toEqual(expected));
});

describe('finishReason', () => {
  it.each([
    ['stop', 'stop'],
    ['length', 'length'],
    ['max_tokens', 'length'],
    ['content_filter', 'content_filter'],
    ['SAFETY', 'content_filter'],
    ['eos', 'stop'],
    ['abort', undefined],
    ['error', undefined],
  ])('maps %s to %p', (finish, expected) => expect(finishReason(finish, false)).toBe(expected));

  it.each([
    ['tool_calls', true, 'tool_calls'],
    ['stop', true, 'tool_calls'],
    ['length', true, 'length'],
    ['content_filter', true, 'content_filter'],
    ['tool_calls', false, 'stop'],
    ['abort', true, undefined],
  ])('takes %s for the end of a reply with tool calls (%p) as %p', (finish, hasToolCalls, expected) =>
    expect(finishReason(finish, hasToolCalls)).toBe(expected),
  );
});
