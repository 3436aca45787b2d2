import type { NarrationListener } from '../../ports/narration';
import { ProviderError } from '../../ports/provider-error';
import type { CharacterAlignment, SpeechChunk } from '../../ports/text-to-speech';
import { AsyncQueue } from '../../shared/async-queue';
import { raceAbort } from '../../shared/race-abort';
import { Watchdog } from '../../shared/watchdog';
import { ELEVEN_LABS } from '../eleven-labs-errors';
import { SpeechBounds } from '../speech-bounds';
import type { AttemptAudio } from './attempt-audio';
import { GenerationSchedule } from './generation-schedule';
import type { NarrationSocket } from './narration-socket';
import type { NarrationText } from './narration-text';
import type { NarrationTiming } from './narration-timing';
import { endsOpenly } from './word-breaks';

export interface SocketAttemptOptions {
  socket: NarrationSocket;
  text: NarrationText;
  audio: AttemptAudio;
  /** Position in the text. */
  from: number;
  sampleRateHz: number;
  schedule: readonly number[] | undefined;
  voiceSettings: object | undefined;
  timing: NarrationTiming;
  notify: NarrationListener;
  /** Billed characters per character. */
  costFactor: number;
  /** Called when the socket is open. */
  onOpened: () => void;
}

/** No more text than this is sent before it is spoken, because what was sent is lost with the connection and billed again. */
const MOST_CHARACTERS_AHEAD = 2_000;
/** No more text is sent while so much audio waits for a slow listener. */
const MOST_WAITING_MS = 60_000;
/** Faster than anyone speaks. */
const FASTEST_MS_PER_CHARACTER = 30;
/** Audio of this length for its text probably contains all of it. */
const ORDINARY_MS_PER_CHARACTER = 50;

/**
 * Speaks a text from one position on over one socket. The text is sent as it becomes ready, and audio is handed out as it arrives. Fails
 * with a `ProviderError` if the socket ends too early or the vendor sends nothing although more must follow.
 */
export class SocketAttempt {
  readonly #chunks = new AsyncQueue<SpeechChunk>();
  readonly #bounds = new SpeechBounds();
  readonly #schedule: GenerationSchedule;
  readonly #silence = new Watchdog(() => this.#silent());
  readonly #stall = new Watchdog(() => this.#emit(this.options.audio.release()));
  readonly #keepAlive = new Watchdog(() => this.#send(' '));
  #sentTo: number;
  #hasAudio = false;
  #isTextDone = false;
  #isSpoken = false;
  #waitingMs = 0;
  #wake: () => void = () => undefined;

  constructor(private readonly options: SocketAttemptOptions) {
    this.#schedule = new GenerationSchedule(options.schedule);
    this.#sentTo = options.from;
  }

  /** Ends at once and without an error when `signal` aborts. */
  async *speak(signal: AbortSignal): AsyncGenerator<SpeechChunk, void> {
    const { socket } = this.options;
    const stop = () => this.#chunks.discard();
    signal.addEventListener('abort', stop, { once: true });
    try {
      await raceAbort(socket.opened, signal);
      if (signal.aborted) return;
      this.options.onOpened();
      socket.listen({
        audio: (bytes, alignment) => this.#audio(bytes, alignment),
        final: () => this.#final(),
        failed: (error) => this.#failed(error),
      });
      void this.#sendAll();
      for await (const chunk of this.#chunks) {
        this.#waitingMs -= this.#durationMs(chunk);
        this.#wake();
        yield chunk;
      }
    } finally {
      signal.removeEventListener('abort', stop);
      this.#chunks.discard();
      this.#disarm();
      this.#wake();
      // On a socket that has not spoken everything the work of the vendor must end at once.
      if (this.#isSpoken) socket.close();
      else socket.terminate();
    }
  }

  async #sendAll(): Promise<void> {
    const { text, voiceSettings, schedule, from } = this.options;
    try {
      this.options.socket.send({
        text: ' ',
        ...(voiceSettings && { voice_settings: voiceSettings }),
        ...(schedule && { generation_config: { chunk_length_schedule: schedule } }),
      });
      this.#keepAlive.arm(this.options.timing.keepAliveMs);
      let flushedTo = from;
      for (;;) {
        await this.#mayGoOn();
        if (this.#chunks.isEnded) return;
        const flush = text.flushBehind(flushedTo);
        const isFlush = flush !== undefined && flush <= text.readyTo;
        const end = isFlush ? flush : text.readyTo;
        if (isFlush) flushedTo = flush;
        if (end > this.#sentTo || isFlush) this.#sendText(end, isFlush);
        else if (text.isEnded) break;
        else await text.changed();
      }
      this.#isTextDone = true;
      this.#keepAlive.disarm();
      this.#bill(this.#schedule.sent(0, true));
      this.#send('');
      this.#expectAudio();
    } catch (error) {
      this.#chunks.fail(error);
    }
  }

  /** Waits while enough text or audio is on its way. */
  async #mayGoOn(): Promise<void> {
    while (!this.#chunks.isEnded && (this.#charactersAhead >= MOST_CHARACTERS_AHEAD || this.#waitingMs >= MOST_WAITING_MS)) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  get #charactersAhead(): number {
    const { audio, from } = this.options;
    // Audio without alignment contains some text, too, so the vendor cannot wait for more text without end.
    return this.#sentTo - Math.max(audio.spokenTo, from + audio.receivedMs / FASTEST_MS_PER_CHARACTER);
  }

  #sendText(end: number, isFlush: boolean): void {
    const { text, audio, notify } = this.options;
    const piece = text.text.slice(this.#sentTo, end);
    audio.sent(this.#sentTo, end);
    this.#sentTo = end;
    this.#bounds.sent(piece);
    // Everything sent before ends with a space, so more spaces are not needed; and an empty text would end the speech.
    const isBlank = piece.trim() === '';
    if (!isBlank || isFlush) this.#send(isBlank || !endsOpenly(piece) ? `${piece.trimEnd()} ` : piece, isFlush);
    if (!isBlank) notify({ type: 'sent' });
    this.#bill(this.#schedule.sent(piece.length, isFlush));
    this.#expectAudio();
  }

  #send(text: string, isFlush = false): void {
    this.options.socket.send(isFlush ? { text, flush: true } : { text });
    if (!this.#isTextDone) this.#keepAlive.arm(this.options.timing.keepAliveMs);
  }

  #bill(characters: number): void {
    if (characters > 0) this.options.notify({ type: 'billed', characters: Math.ceil(characters * this.options.costFactor) });
  }

  #audio(bytes: Uint8Array, alignment: CharacterAlignment | undefined): void {
    const { audio, timing, notify } = this.options;
    if (this.#chunks.isEnded) return;
    if (bytes.length > 0) notify({ type: 'received' });
    const chunk = audio.push(bytes, alignment);
    try {
      this.#bounds.received(audio.receivedMs);
    } catch (error) {
      this.#chunks.fail(error);
      return;
    }
    this.#hasAudio ||= bytes.length > 0;
    this.#emit(chunk);
    this.#wake();
    this.#stall.arm(timing.stallMs);
    // No audio is expected while the vendor has generated everything that it may.
    if (this.#isTextDone || this.#isDue) this.#silence.arm(timing.gapTimeoutMs);
    else this.#silence.disarm();
  }

  get #isDue(): boolean {
    const { audio } = this.options;
    return !audio.isAlignedToEnd && audio.receivedMs < this.#schedule.generated * FASTEST_MS_PER_CHARACTER;
  }

  #expectAudio(): void {
    const { timing } = this.options;
    if (this.#silence.isArmed || !(this.#isTextDone || this.#isDue)) return;
    this.#silence.arm(this.#hasAudio ? timing.gapTimeoutMs : timing.firstAudioTimeoutMs);
  }

  #silent(): void {
    // The final marker is sometimes lost although all of the speech before it arrived.
    if (this.#isWhole) return this.#end();
    this.#failed(new ProviderError(ELEVEN_LABS, 'timeout', `elevenlabs sent no ${this.#hasAudio ? 'further ' : ''}audio in time`));
  }

  /** True if all of the text has probably been spoken. */
  get #isWhole(): boolean {
    const { audio, from } = this.options;
    if (!this.#isTextDone || !this.#hasAudio) return false;
    return audio.isAlignedToEnd || (audio.spokenTo === from && audio.receivedMs >= (this.#sentTo - from) * ORDINARY_MS_PER_CHARACTER);
  }

  #final(): void {
    if (!this.#isTextDone) {
      return this.#failed(new ProviderError(ELEVEN_LABS, 'connection_lost', 'elevenlabs ended the speech before its text'));
    }
    const { text, from } = this.options;
    // A used-up quota can appear as a final marker without any audio.
    if (!this.#hasAudio && text.isSpeakable(from, this.#sentTo)) {
      return this.#failed(new ProviderError(ELEVEN_LABS, 'unavailable', 'elevenlabs ended the speech without audio', { retryable: false }));
    }
    this.#end();
  }

  #failed(error: ProviderError): void {
    if (error.code === 'connection_lost' && this.#isWhole) return this.#end();
    this.#disarm();
    this.#chunks.fail(error);
    this.#wake();
  }

  #end(): void {
    if (this.#chunks.isEnded) return;
    this.#isSpoken = true;
    this.#emit(this.options.audio.finish(this.#sentTo, { isLast: true }));
    this.#disarm();
    this.#chunks.end();
    this.#wake();
  }

  #emit(chunk: SpeechChunk | undefined): void {
    if (chunk && this.#chunks.push(chunk)) this.#waitingMs += this.#durationMs(chunk);
  }

  #durationMs({ pcm }: SpeechChunk): number {
    return (pcm.length / this.options.sampleRateHz) * 1000;
  }

  #disarm(): void {
    this.#silence.disarm();
    this.#stall.disarm();
    this.#keepAlive.disarm();
  }
}
