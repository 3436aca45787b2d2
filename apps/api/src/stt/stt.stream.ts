import { Inject } from '@nestjs/common';
import type { SpeechToText, SttSession, SttUtterance, Transcript } from '@parley/providers';
import { CONNECTION, type Connection, ConnectionScoped } from '../session/connection-scoped';
import { isRetryable } from '../session/silent-retry';
import { SPEECH_TO_TEXT } from './speech-to-text.token';

/** Speech recognition of one connection. */
@ConnectionScoped()
export class SttStream {
  private session: SttSession | undefined;

  constructor(
    @Inject(CONNECTION) private readonly connection: Connection,
    @Inject(SPEECH_TO_TEXT) private readonly speechToText: SpeechToText,
  ) {}

  /** Connects to the vendor in the background. Aborting `signal` releases everything. */
  open(signal: AbortSignal): void {
    const { language } = this.connection.start;
    this.session = this.speechToText.open(language === undefined ? {} : { language }, signal);
  }

  /** One utterance, with one silent retry that gives the vendor the same audio again. Only after `open`. */
  utterance(signal: AbortSignal): SttUtterance {
    const { session } = this;
    if (session === undefined) throw new Error('speech recognition is not open');
    return new RetriedUtterance(() => session.utterance(signal), signal);
  }
}

class RetriedUtterance implements SttUtterance {
  /** All audio so far, for the retry; bounded by the longest user turn. */
  private readonly heard: Int16Array[] = [];
  private ended = false;
  private current: SttUtterance;

  constructor(
    private readonly begin: () => SttUtterance,
    private readonly signal: AbortSignal,
  ) {
    this.current = begin();
  }

  push(pcm: Int16Array): void {
    if (this.ended || this.signal.aborted) return;
    this.heard.push(pcm.slice());
    this.current.push(pcm);
  }

  end(): void {
    this.ended = true;
    this.current.end();
  }

  get transcripts(): AsyncIterable<Transcript> {
    return this.transcribe();
  }

  private async *transcribe(): AsyncGenerator<Transcript> {
    try {
      yield* this.current.transcripts;
      return;
    } catch (error) {
      if (this.signal.aborted || !isRetryable(error)) throw error;
    }
    this.current = this.begin();
    for (const pcm of this.heard) this.current.push(pcm);
    if (this.ended) this.current.end();
    yield* this.current.transcripts;
  }
}
