import { Inject } from '@nestjs/common';
import type { SpeechToText, SttSession, SttUtterance, Transcript } from '@parley/providers';
import { CONNECTION, type Connection, ConnectionScoped } from '../session/connection-scoped';
import { isRetryable } from '../session/silent-retry';
import { SPEECH_TO_TEXT } from './speech-to-text.token';

/** One try at an utterance. */
interface Attempt {
  utterance: SttUtterance;
  /** To be called when its transcripts have ended. */
  release(): void;
}

/** Speech recognition of one connection. */
@ConnectionScoped()
export class SttStream {
  private session: SttSession | undefined;
  private begun = 0;

  constructor(
    @Inject(CONNECTION) private readonly connection: Connection,
    @Inject(SPEECH_TO_TEXT) private readonly speechToText: SpeechToText,
  ) {}

  /** Connects to the vendor in the background. Aborting `signal` releases everything. */
  open(signal: AbortSignal): void {
    this.session = this.openSession(signal);
  }

  /** One utterance, with one silent retry that gives the vendor the same audio again. Only after `open`. */
  utterance(signal: AbortSignal): SttUtterance {
    const { session } = this;
    if (session === undefined) throw new Error('speech recognition is not open');
    const number = ++this.begun;
    const first = session.utterance(signal);
    return new RetriedUtterance(first, () => (number === this.begun ? attempt(session, signal) : this.attemptAside(signal)), signal);
  }

  /** In a session of its own: in the shared one it would discard the utterance that is being spoken by now. */
  private attemptAside(signal: AbortSignal): Attempt {
    const session = this.openSession(signal);
    return { ...attempt(session, signal), release: () => void session.close() };
  }

  private openSession(signal: AbortSignal): SttSession {
    const { language } = this.connection.start;
    return this.speechToText.open(language === undefined ? {} : { language }, signal);
  }
}

const attempt = (session: SttSession, signal: AbortSignal): Attempt => ({ utterance: session.utterance(signal), release: () => undefined });

class RetriedUtterance implements SttUtterance {
  /** All audio so far, for the retry; bounded by the longest user turn. */
  private readonly heard: Int16Array[] = [];
  private ended = false;

  constructor(
    private current: SttUtterance,
    private readonly tryAgain: () => Attempt,
    private readonly signal: AbortSignal,
  ) {}

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
    const { utterance, release } = this.tryAgain();
    this.current = utterance;
    for (const pcm of this.heard) utterance.push(pcm);
    if (this.ended) utterance.end();
    try {
      yield* utterance.transcripts;
    } finally {
      release();
    }
  }
}
