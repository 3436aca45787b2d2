import { finishReason, readChatChunk } from './chat-chunk';

const NONE = { isChat: true, text: '', wholeText: '', isReasoning: false, finish: undefined, usage: undefined };
const delta = (fields: object | null) => ({ choices: [{ delta: fields, finish_reason: null }] });

describe('readChatChunk', () => {
  it.each([
    ['the role', { ...delta({ role: 'assistant', content: '' }), usage: null }, NONE],
    ['text', delta({ content: 'Hel' }), { ...NONE, text: 'Hel' }],
    ['reasoning', delta({ reasoning_content: 'hm', content: null }), { ...NONE, isReasoning: true }],
    ['reasoning as Ollama names it', delta({ reasoning: 'hm', content: '' }), { ...NONE, isReasoning: true }],
    ['reasoning beside an empty field for it', delta({ reasoning_content: '', reasoning: 'hm' }), { ...NONE, isReasoning: true }],
    ['reasoning in details', delta({ content: '', reasoning_details: [{ text: 'hm' }] }), { ...NONE, isReasoning: true }],
    ['no reasoning', delta({ content: 'Hel', reasoning: null, reasoning_details: [] }), { ...NONE, text: 'Hel' }],
    ['a refusal in words', delta({ content: null, refusal: 'I’m sorry' }), { ...NONE, text: 'I’m sorry' }],
    ['a refusal beside empty text', delta({ content: '', refusal: 'I’m sorry' }), { ...NONE, text: 'I’m sorry' }],
    ['text beside an empty refusal', delta({ content: 'Hel', refusal: null }), { ...NONE, text: 'Hel' }],
    ['text in parts', delta({ content: [{ type: 'text', text: 'Hel' }, 'lo', null, 3] }), { ...NONE, text: 'Hello' }],
    ['a refusal in parts', delta({ content: [{ type: 'refusal', refusal: 'No.' }] }), { ...NONE, text: 'No.' }],
    [
      'thoughts in parts',
      delta({
        content: [
          { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] },
          { type: 'text', text: 'Hel' },
        ],
      }),
      { ...NONE, text: 'Hel', isReasoning: true },
    ],
    ['the finish', { choices: [{ delta: {}, finish_reason: 'stop' }] }, { ...NONE, finish: 'stop' }],
    ['the finish without a delta', { choices: [{ finish_reason: 'length' }] }, { ...NONE, finish: 'length' }],
    ['the finish with text', { choices: [{ delta: { content: '.' }, finish_reason: 'stop' }] }, { ...NONE, text: '.', finish: 'stop' }],
    ['no finish in an empty word', { choices: [{ delta: { content: 'a' }, finish_reason: '' }] }, { ...NONE, text: 'a' }],
    ['no finish in a word for none', { choices: [{ delta: { content: 'a' }, finish_reason: 'null' }] }, { ...NONE, text: 'a' }],
    ['a delta that is null', delta(null), NONE],
    ['a choice that is null', { choices: [null] }, NONE],
    [
      'usage',
      { choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 } },
      { ...NONE, usage: { promptTokens: 3, completionTokens: 2 } },
    ],
    [
      'usage without choices',
      { usage: { prompt_tokens: 3, completion_tokens: 2 } },
      { ...NONE, isChat: false, usage: { promptTokens: 3, completionTokens: 2 } },
    ],
    ['choices that are null', { choices: null, usage: { prompt_tokens: 3 } }, { ...NONE, isChat: false }],
    ['no choices', { object: 'chat.completion.chunk' }, { ...NONE, isChat: false }],
    [
      'a whole message',
      { choices: [{ message: { content: 'Hello' }, finish_reason: 'stop' }] },
      { ...NONE, wholeText: 'Hello', finish: 'stop' },
    ],
    ['text as older servers name it', { choices: [{ text: 'Hel', finish_reason: null }] }, { ...NONE, text: 'Hel' }],
  ])('%s', (_name, event, expected) => expect(readChatChunk(event)).toEqual(expected));
});

describe('finishReason', () => {
  it.each([
    ['stop', 'stop'],
    ['length', 'length'],
    ['max_tokens', 'length'],
    ['content_filter', 'content_filter'],
    ['SAFETY', 'content_filter'],
    ['tool_calls', 'stop'],
    ['eos', 'stop'],
    ['abort', undefined],
    ['error', undefined],
  ])('%s: %p', (finish, expected) => expect(finishReason(finish)).toBe(expected));
});
