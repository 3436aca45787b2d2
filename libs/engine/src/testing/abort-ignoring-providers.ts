import {
  AsyncQueue,
  type LanguageModel,
  type LlmEvent,
  type SpeechChunk,
  type SpeechToText,
  type SttUtterance,
  type TextToSpeech,
  type Transcript,
} from '@parley/providers';
import { FAKE_INFO } from '@parley/testing';

/** A stream that continues after it was aborted. */
export class AbortIgnoringStream<Item> {
  readonly items = new AsyncQueue<Item>();

  constructor(readonly signal: AbortSignal) {}
}

/** An utterance that continues after it was aborted. As the port requires, the next utterance of its session discards it unless it was ended. */
export class AbortIgnoringUtterance implements SttUtterance {
  readonly items = new AsyncQueue<Transcript>();
  /** All samples that it received. */
  readonly heard: number[] = [];
  isEnded = false;

  constructor(readonly signal: AbortSignal) {}

  get transcripts(): AsyncIterable<Transcript> {
    return this.items;
  }

  push(pcm: Int16Array): void {
    this.heard.push(...pcm);
  }

  end(): void {
    this.isEnded = true;
  }

  /** Yields the final transcript and ends. */
  final(text: string): void {
    this.items.push({ text, isFinal: true });
    this.items.end();
  }
}

/** Providers that violate their contract: they ignore aborts, so that their results still arrive afterwards. */
export class AbortIgnoringProviders {
  readonly transcripts: AbortIgnoringUtterance[] = [];
  /** Recogniser sessions that were opened, and how many of them were closed by a call. */
  readonly sessions = { opened: 0, closed: 0 };
  readonly replies: AbortIgnoringStream<LlmEvent>[] = [];
  readonly speeches: AbortIgnoringStream<SpeechChunk>[] = [];

  readonly stt: SpeechToText = {
    info: FAKE_INFO,
    open: () => {
      this.sessions.opened += 1;
      let latest: AbortIgnoringUtterance | undefined;
      return {
        utterance: (signal) => {
          if (latest?.isEnded === false) latest.items.discard();
          latest = new AbortIgnoringUtterance(signal);
          this.transcripts.push(latest);
          return latest;
        },
        close: () => {
          this.sessions.closed += 1;
          return Promise.resolve();
        },
      };
    },
  };

  readonly llm: LanguageModel = {
    info: FAKE_INFO,
    generate: (_request, signal) => begin(this.replies, signal),
    warm: () => Promise.resolve(),
  };

  readonly tts: TextToSpeech = {
    info: FAKE_INFO,
    open: () => ({ speak: (_text, signal) => begin(this.speeches, signal), close: () => Promise.resolve() }),
    voices: () => Promise.resolve([]),
    prepare: () => Promise.resolve(),
  };
}

function begin<Item>(streams: AbortIgnoringStream<Item>[], signal: AbortSignal): AsyncIterable<Item> {
  const stream = new AbortIgnoringStream<Item>(signal);
  streams.push(stream);
  return stream.items;
}
