import { AsyncQueue, ProviderError, type Transcript } from '@parley/providers';
import { LlmStream } from '../llm/llm.stream';
import { SttStream } from '../stt/stt.stream';
import { FakeVendors } from '../testing/fake-vendors';
import { RecordingSink } from '../testing/recording-sink';
import { StubbornVendors } from '../testing/stubborn-vendors';
import { startMessage } from '../testing/test-conversation';
import { testSettings } from '../testing/test-settings';
import { settle } from '../testing/virtual-time';
import { TtsStream } from '../tts/tts.stream';

const { signal } = new AbortController();
const connection = { id: 'c', start: startMessage(), sink: new RecordingSink() };

describe('the streams of a connection', () => {
  it('bound the reply by what is configured', async () => {
    const { llm } = new FakeVendors();
    const stream = new LlmStream(llm, testSettings({ LLM_MAX_TOKENS: '123' }));
    const events: unknown[] = [];
    for await (const event of stream.generate([{ role: 'user', content: 'Hi!' }], signal)) events.push(event);
    expect(llm.replies[0].request).toEqual({ messages: [{ role: 'user', content: 'Hi!' }], maxTokens: 123 });
    expect(events.at(-1)).toEqual({ type: 'end', finishReason: 'stop' });
  });

  it('try an utterance again with the audio as it was, whatever became of the buffers it came in', async () => {
    const stubborn = new StubbornVendors();
    const stream = new SttStream(connection, stubborn.stt);
    stream.open(signal);
    const utterance = stream.utterance(signal);
    const buffer = new Int16Array(4);
    for (const sample of [1, 2, 3]) utterance.push(buffer.fill(sample));
    buffer.fill(-1);
    utterance.end();
    const results: Transcript[] = [];
    const heard = (async () => {
      for await (const transcript of utterance.transcripts) results.push(transcript);
    })();
    stubborn.transcripts[0].items.fail(new ProviderError('stubborn', 'timeout', 'too late'));
    await settle();
    expect(stubborn.transcripts[1].heard).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3]);
    stubborn.transcripts[1].final('one two three');
    await heard;
    expect(results).toEqual([{ text: 'one two three', isFinal: true }]);
  });

  it('are not usable before they were opened', () => {
    const { stt, tts } = new FakeVendors();
    expect(() => new SttStream(connection, stt).utterance(signal)).toThrow('not open');
    expect(() => new TtsStream(connection, tts).speak(new AsyncQueue<string>(), signal)).toThrow('not open');
  });
});
