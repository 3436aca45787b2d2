import { recordAbort } from '../counters';
import type { ElevenLabsFault, Endpoint } from '../faults/fault';
import type { FaultScope } from '../faults/fault-scope';
import type { SocketLink } from '../server/socket-link';
import { AlignmentWriter } from './alignment';
import type { SocketSettings } from './socket-settings';
import { SpeechQueue } from './speech-queue';
import { constantSound, IDENTICAL_FRAMES, type SpokenFrame } from './spoken-frames';
import { TextBuffer } from './text-buffer';
import type { ElevenLabsDeps } from './vendor-deps';

export interface VoiceContextOptions {
  endpoint: Endpoint<'elevenlabs'>;
  /** Undefined on the single socket, whose frames name no context. */
  id: string | undefined;
  settings: SocketSettings;
  schedule: readonly number[] | undefined;
  link: SocketLink<ElevenLabsFault>;
  deps: ElevenLabsDeps;
}

/** Silence that the vendor puts after a message that is voiced by itself in the middle of a sentence. */
const AUTO_MODE_PAD_MS = 120;

/** One context on a socket: text in, audio frames out. It ends by `close` or with the socket. */
export class VoiceContext {
  /** Resolves when everything has been sent, its final frame included, or the socket is gone. Rejects when synthesis fails. */
  readonly done: Promise<void>;
  readonly #buffer: TextBuffer;
  readonly #speech: SpeechQueue;
  readonly #scope: FaultScope<ElevenLabsFault>;
  readonly #alignment: AlignmentWriter;
  #closed = false;
  #bytes = 0;
  #generating = false;

  constructor(private readonly options: VoiceContextOptions) {
    const { settings, schedule, link, deps, endpoint } = options;
    this.#buffer = new TextBuffer(settings.autoMode, schedule);
    this.#scope = link.scope(deps.drawFault(endpoint));
    this.#alignment = new AlignmentWriter(settings.syncAlignment ? deps.alignment : 'none');
    const chunkMs = () => (this.#scope.is('identical-frames') ? IDENTICAL_FRAMES : undefined);
    this.#speech = new SpeechQueue({ ...deps, voice: settings.voice, rateHz: settings.format.rateHz, chunkMs }, link.gone);
    deps.tally.contextsOpened += 1;
    this.#scope.begin();
    this.done = this.#run();
    // The session gets a failure through `done`; this only keeps an unhandled rejection from ending the process.
    this.done.catch(() => undefined);
  }

  set schedule(schedule: readonly number[]) {
    this.#buffer.schedule = schedule;
  }

  add(text: string, { flush = false, tryTrigger = false } = {}): void {
    this.#voice(this.#buffer.push(text, tryTrigger));
    if (flush) this.#voice(this.#buffer.flush());
  }

  /** No more text will come. Text that is due is still voiced; buffered text is dropped, or voiced too with `flush`. Idempotent. */
  close({ flush = false } = {}): void {
    if (this.#closed) return;
    if (flush) this.#voice(this.#buffer.flush());
    this.#closed = true;
    this.options.deps.tally.contextsClosed += 1;
    if (this.#speech.busy) this.options.deps.tally.contextsCancelled += 1;
    this.#speech.end();
  }

  /** The socket is gone. */
  abandon(): void {
    const { deps } = this.options;
    if (this.#generating) deps.tally.contextsCancelled += this.#closed ? 0 : 1;
    if (!this.#closed) deps.tally.contextsClosed += 1;
    this.#closed = true;
  }

  #voice(text: string | undefined): void {
    if (text === undefined) return;
    const { deps, settings } = this.options;
    deps.tally.charactersBilled += text.trim().length;
    if (this.#scope.is('silence')) return;
    this.#speech.say(text, settings.autoMode ? AUTO_MODE_PAD_MS : 0);
    if (!this.#generating && this.#speech.busy) {
      this.#generating = true;
      deps.gauge.enter();
    }
  }

  async #run(): Promise<void> {
    const { link, endpoint, deps } = this.options;
    try {
      for await (const frame of this.#speech.frames()) {
        if (!link.gone.aborted) this.#send(frame);
        if (!this.#speech.busy) this.#rest();
      }
    } finally {
      if (link.gone.aborted && this.#generating) {
        recordAbort(deps.tally, { endpoint, stopMs: performance.now() - link.goneAtMs, generated: this.#bytes, generatedAfter: 0 });
      }
      this.#rest();
    }
    if (!link.gone.aborted && !this.#scope.is('missing-final')) this.#sendFinal();
    this.#scope.end();
  }

  #rest(): void {
    if (this.#generating) this.options.deps.gauge.leave();
    this.#generating = false;
  }

  #send(frame: SpokenFrame): void {
    const { settings, deps } = this.options;
    const audio = settings.format.encode(this.#scope.is('identical-frames') ? constantSound(frame.pcm) : frame.pcm);
    this.#bytes += audio.length;
    deps.tally.audioBytes += audio.length;
    if (this.#closed) deps.tally.bytesAfterCancel += audio.length;
    const alignment = this.#alignment.write(frame, this.#scope.fault?.kind);
    const message = { audio: audio.toString('base64'), isFinal: null, ...alignment, ...this.#contextId() };
    this.#scope.send(JSON.stringify(message), { isAudio: true });
  }

  #sendFinal(): void {
    const final = JSON.stringify({ audio: null, isFinal: true, ...this.#contextId() });
    this.#scope.send(final);
    if (this.#scope.is('duplicate-final')) this.#scope.send(final);
  }

  #contextId(): object {
    return this.options.id === undefined ? {} : { contextId: this.options.id };
  }
}
