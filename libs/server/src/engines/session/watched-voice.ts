import type { PipelinePorts, TtsStream } from '@parley/engine';
import type { ConversationObservation } from '../../telemetry/observed-conversation';

type Voice = NonNullable<PipelinePorts['tts']>;

/** The voice of a conversation, whose text is counted. */
export const watchedVoice = (voice: Pick<TtsStream, keyof Voice>, watch: Pick<ConversationObservation, 'spoken'>): Voice => ({
  open: (signal) => voice.open(signal),
  speak: (text, signal) => voice.speak(counted(text, watch), signal),
});

async function* counted(text: AsyncIterable<string>, watch: Pick<ConversationObservation, 'spoken'>): AsyncGenerator<string, void> {
  for await (const sentence of text) {
    watch.spoken(sentence.length);
    yield sentence;
  }
}
