import { AsyncQueue } from '../shared/async-queue';
import { ProviderError } from '../ports/provider-error';
import type { CharacterAlignment, SpeechChunk } from '../ports/text-to-speech';
import { Watchdog } from '../shared/watchdog';
import { afterAudio, ELEVEN_LABS } from './eleven-labs-errors';
import type { ContextListener, MultiContextSocket } from './multi-context-socket';
import type { SpeechAssembler } from './speech-assembler';
import { SpeechBounds } from './speech-bounds';
import type { TextLog } from '../shared/text-log';
import { VoicingProgress } from '../voicing/voicing-progress';

export interface SpeechTiming {
  /** From the first text sent to the first audio. */
  firstAudioTimeoutMs: number;
  /** Between two chunks while audio is due. */
  gapTimeoutMs: number;
}

export type VoiceSettings = Readonly<Record<string, number | boolean>>;

const KEEP_ALIVE_MS = 10_000;

/** One `speak` call in one context, which it opens when it is made, while the socket has room: sentences go out as they come, audio comes in, and silence where audio is due is noticed. */
export class ContextSpeech implements ContextListener {
  readonly #chunks = new AsyncQueue<SpeechChunk>();
  readonly #progress = new VoicingProgress();
  readonly #bounds = new SpeechBounds();
  readonly #silence = new Watchdog(() => this.#silent());
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
    // At once, so that the place counts; the settings are taken in a context's first message only.
    socket.enter(contextId, this);
    this.#send({ text: ' ', voice_settings: voiceSettings });
  }

  /** True once a chunk was handed out (or is about to be): the call cannot start over. */
  get hasAudio(): boolean {
    return this.#hasAudio;
  }

  /** Speaks all of `log`, which has text. Ends at once, without an error, when `signal` aborts; throws `ProviderError`, or what the log throws. */
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
      this.#progress.received(chunk, this.assembler.durationMs(chunk));
      this.#emit(chunk);
    }
    // Between two sentences that are slow in coming no audio is due.
    if (this.#isTextDone || this.#progress.isDue) this.#silence.arm(this.timing.gapTimeoutMs);
    else this.#silence.disarm();
  }

  final(): void {
    if (!this.#isTextDone)
      return this.failed(new ProviderError(ELEVEN_LABS, 'connection_lost', 'elevenlabs ended the speech before its text'));
    // A final without any audio is how a used-up quota can look.
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
    // The marker of the end gets lost at times; the speech that came before it did not.
    if (this.#hasAudio && this.#isTextDone && this.#progress.mayBeWhole) return this.#end();
    // Nothing more is begun on a socket that has fallen silent: a retry would meet the same silence.
    this.socket.retire();
    this.failed(new ProviderError(ELEVEN_LABS, 'timeout', `elevenlabs sent no ${this.#hasAudio ? 'further ' : ''}audio in time`));
  }

  #end(): void {
    const rest = this.assembler.flush();
    if (rest) this.#emit(rest);
    this.#chunks.end();
    this.#stop();
  }

  /** On every way out. */
  #stop(): void {
    this.#silence.disarm();
    this.#keepAlive.disarm();
    this.socket.cancel(this.contextId);
  }
}
