import { parseJobMetadata } from '../job-metadata';
import { parseChat, parseRoomMessage } from './client-messages';
import { RateLimit } from './rate-limit';

const bytes = (value: unknown) => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));

describe('messages of people', () => {
  it.each([
    [
      { type: 'text_message', text: ' hello ' },
      { type: 'text_message', text: 'hello' },
    ],
    [{ type: 'interrupt', extra: 1 }, { type: 'interrupt' }],
    [{ type: 'end_conversation' }, { type: 'end_conversation' }],
    [
      { type: 'text_message', text: 'x'.repeat(4_000) },
      { type: 'text_message', text: 'x'.repeat(4_000) },
    ],
    [{ type: 'text_message', text: 'x'.repeat(4_001) }, undefined],
    [{ type: 'text_message', text: '  ' }, undefined],
    [{ type: 'text_message', text: 7 }, undefined],
    [{ type: 'start_conversation' }, undefined],
    [{ type: '__proto__' }, undefined],
    ['no JSON', undefined],
    ['null', undefined],
    ['[]', undefined],
    ['"interrupt"', undefined],
    ['x'.repeat(100_000), undefined],
  ])('are understood only if they are of the protocol: %#', (value, expected) => {
    expect(parseRoomMessage(bytes(value))).toEqual(expected);
  });

  it.each([
    ['hello', 'hello'],
    ['{"message":"hello"}', 'hello'],
    [' {"message":"hello","id":"1","timestamp":1}', 'hello'],
    ['{"message":7}', '{"message":7}'],
    ['{no JSON', '{no JSON'],
    ['{"message":" "}', undefined],
    ['', undefined],
    ['x'.repeat(4_001), undefined],
    ['👍'.repeat(4_000), '👍'.repeat(4_000)],
  ])('may be plain text or JSON in the chat: %#', (content, expected) => {
    expect(parseChat(content)).toBe(expected);
  });

  it('are limited in number for each person', () => {
    let nowMs = 0;
    const limit = new RateLimit({ burst: 3, perSecond: 2, now: () => nowMs });
    const sent = () => [1, 2, 3, 4, 5].filter(() => limit.allows('asha')).length;
    expect(sent()).toBe(3);
    expect(limit.allows('ravi')).toBe(true);
    nowMs += 1_000;
    expect(sent()).toBe(2);
    nowMs += 3_600_000;
    expect(sent()).toBe(3);
  });
});

describe('the metadata of a job', () => {
  it.each([
    ['', { engine: 'pipeline', assistantName: 'Parley', onlyWhenAddressed: false }],
    ['null', { engine: 'pipeline', assistantName: 'Parley', onlyWhenAddressed: false }],
    [
      '{"engine":"other","onlyWhenAddressed":"yes","assistantName":7,"language":""}',
      { engine: 'pipeline', assistantName: 'Parley', onlyWhenAddressed: false },
    ],
    [
      '{"engine":"agent","onlyWhenAddressed":true,"assistantName":" Max ","language":"hi-IN","voiceId":"v1"}',
      { engine: 'agent', assistantName: 'Max', onlyWhenAddressed: true, language: 'hi-IN', voiceId: 'v1' },
    ],
  ])('has defaults for whatever makes no sense: %p', (text, expected) => {
    expect(parseJobMetadata(text)).toEqual(expected);
  });
});
