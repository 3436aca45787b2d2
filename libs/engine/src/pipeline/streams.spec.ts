import { AsyncQueue } from '@parley/providers';
import { LlmStream } from './llm.stream';
import { SttStream } from './stt.stream';
import { FakeVendors } from '../testing/fake-vendors';
import { TtsStream } from './tts.stream';

const { signal } = new AbortController();
const options = { conversationId: 'c' };

describe('the provider streams of a connection', () => {
  it('limit the length of a reply to the configured maximum', async () => {
    const { llm } = new FakeVendors();
    const stream = new LlmStream(llm, { maxTokens: 123 });
    const events: unknown[] = [];
    for await (const event of stream.generate({ messages: [{ role: 'user', content: 'Hi!' }] }, signal)) events.push(event);
    expect(llm.replies[0].request).toEqual({ messages: [{ role: 'user', content: 'Hi!' }], maxTokens: 123 });
    expect(events.at(-1)).toEqual({ type: 'end', finishReason: 'stop' });
  });

  it('cannot be used before they were opened', () => {
    const { stt, tts } = new FakeVendors();
    expect(() => new SttStream(options, stt).utterance(signal)).toThrow('not open');
    expect(() => new TtsStream(options, tts).speak(new AsyncQueue<string>(), signal)).toThrow('not open');
  });
});
