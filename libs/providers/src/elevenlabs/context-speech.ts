import { AsyncQueue } from '../shared/async-queue';
import { ProviderError } from '../ports/provider-error';
import type { CharacterAlignment, SpeechChunk } from '../ports/text-to-speech';
import { PatientWatchdog } from '../shared/patient-watchdog';
import { Watchdog } from '../shared/watchdog';
import { afterAudio, ELEVEN_LABS } from './eleven-labs-errors';
import type { ContextListener, MultiContextSocket } from './multi-context-socket';
import type { SpeechAssembler } from './speech-assembler';
import { SpeechBounds } from './speech-bounds';
import type { TextLog } from '../shared/text-log';
import { VoicingProgress } from '../voicing/voicing-progress';

export interface SpeechTiming {
  /** Limit from the first text to the first audio, in milliseconds. */
  firstAudioTimeoutMs: number;
  /** Limit between two chunks while more audio must follow, in milliseconds. */
  gapTimeoutMs: number;
  /** Limit of all waiting for audio together, in milliseconds, to which every second of audio adds `PATIENCE_PER_AUDIO` seconds. */
  patienceMs: number;
}

/** A vendor that takes longer than this for a second of audio cannot be listened to. */
export const PATIENCE_PER_AUDIO = 2;

export type VoiceSettings = Readonly<Record<string, number | boolean>>;

const KEEP_ALIVE_MS = 10_000;

/**
 * Handles one `speak` call in one context of a socket. The constructor opens the context, which requires that the socket has room.
 * Sentences are sent as they arrive, and it is an error if the vendor sends no audio although more must follow.
 */
export class ContextSpeech implements ContextListener {
  readonly #chunks = new AsyncQueue<SpeechChunk>();
  readonly #progress = new VoicingProgress();
  readonly #bounds = new SpeechBounds();
  readonly #silence: PatientWatchdog;
  readonly #keepAlive = new Watchdog(() => this.#send({ text: '' }));
  #hasAudio = false;
  #isTextDone = false;

  constructor(
    private readonly socket: MultiContextSocket,
    private readonly contextId: string,
    private readonly assembler: SpeechAssembler,
    private readonly timing: SpeechTiming,
    voiceSettings: VoiceSettings,
  ) {
    this.#silence = new PatientWatchdog(() => this.#silent(), timing.patienceMs);
    // The context is registered at once, so that it counts towards the limit. The vendor accepts settings only in the first message of a
    // context.
    socket.enter(contextId, this);
    this.#send({ text: ' ', voice_settings: voiceSettings });
  }

  /** True once a chunk has been handed out or is about to be, so that the call can no longer start over. */
  get hasAudio(): boolean {
    return this.#hasAudio;
  }

  /**
   * Speaks all of `log`, which must contain text. Ends at once and without an error when `signal` aborts. Throws `ProviderError`, or the
   * error of the log.
   */
  async *speak(log: TextLog, signal: AbortSignal): AsyncGenerator<SpeechChunk, void> {
    const stop = () => this.#chunks.discard();
    signal.addEventListener('abort', stop, { once: true });
    try {
      if (signal.aborted) return;
      void this.#sendAll(log);
      yield* this.#chunks;
    } finally {
      signal.removeEventListener('abort', stop);
      this.#stop();
    }
  }

  audio(bytes: Uint8Array, alignment: CharacterAlignment | undefined): void {
    const chunk = this.assembler.push(bytes, alignment);
    if (!this.#isWithinBounds()) return;
    if (chunk) {
      const durationMs = this.assembler.durationMs(chunk);
      this.#progress.received(chunk, durationMs);
      this.#silence.grant(durationMs * PATIENCE_PER_AUDIO);
      this.#emit(chunk);
    }
    // No audio is expected while the next sentence is late.
    if (this.#isTextDone || this.#progress.isDue) this.#silence.arm(this.timing.gapTimeoutMs);
    else this.#silence.disarm();
  }

  final(): void {
    if (!this.#isTextDone)
      return this.failed(new ProviderError(ELEVEN_LABS, 'connection_lost', 'elevenlabs ended the speech before its text'));
    // A used-up quota can appear as a final marker without any audio.
    if (!this.#hasAudio) return this.failed(new ProviderError(ELEVEN_LABS, 'unavailable', 'elevenlabs ended the speech without audio'));
    this.#end();
  }

  failed(error: ProviderError): void {
    this.#chunks.fail(this.#hasAudio ? afterAudio(error) : error);
    this.#stop();
  }

  #isWithinBounds(): boolean {
    try {
      this.#bounds.received(this.assembler.receivedMs);
      return true;
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      this.socket.retire();
      this.failed(error);
      return false;
    }
  }

  async #sendAll(log: TextLog): Promise<void> {
    try {
      for await (const sentence of log.read()) {
        if (this.#chunks.isEnded) return;
        this.#progress.sent(sentence);
        this.#bounds.sent(sentence);
        this.#send({ text: `${sentence} ` });
        this.#expectAudio();
      }
      if (this.#chunks.isEnded) return;
      this.#isTextDone = true;
      this.#send({ flush: true });
      this.#send({ close_context: true });
      this.#keepAlive.disarm();
      this.#expectAudio();
    } catch (error) {
      this.#chunks.fail(error);
      this.#stop();
    }
  }

  #send(message: object): void {
    this.socket.send(this.contextId, message);
    if (!this.#isTextDone) this.#keepAlive.arm(KEEP_ALIVE_MS);
  }

  #expectAudio(): void {
    if (!this.#silence.isArmed) this.#silence.arm(this.#hasAudio ? this.timing.gapTimeoutMs : this.timing.firstAudioTimeoutMs);
  }

  #emit(chunk: SpeechChunk): void {
    this.#hasAudio = true;
    this.#chunks.push(chunk);
  }

  #silent(): void {
    // The final marker is sometimes lost although all of the speech before it arrived.
    if (this.#hasAudio && this.#isTextDone && this.#progress.mayBeWhole) return this.#end();
    // No new context is opened on a socket that has stopped answering, because a retry would fail in the same way.
    this.socket.retire();
    this.failed(new ProviderError(ELEVEN_LABS, 'timeout', `elevenlabs sent no ${this.#hasAudio ? 'further ' : ''}audio in time`));
  }

  #end(): void {
    const rest = this.assembler.flush();
    if (rest) this.#emit(rest);
    this.#chunks.end();
    this.#stop();
  }

  /** Runs on every way out of `speak`. */
  #stop(): void {
    this.#silence.disarm();
    this.#keepAlive.disarm();
    this.socket.cancel(this.contextId);
  }
}
