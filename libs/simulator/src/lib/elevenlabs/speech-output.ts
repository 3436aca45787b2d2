import { recordAbort } from '../counters';
import type { ElevenLabsFault, Endpoint } from '../faults/fault';
import type { FaultScope } from '../faults/fault-scope';
import type { SocketLink } from '../server/socket-link';
import { AlignmentWriter } from './alignment';
import type { SpeechModel } from './model-catalogue';
import type { OutputFormat } from './output-format';
import type { PronunciationRule } from './pronunciation/pronunciation-rule';
import { spokenForm } from './pronunciation/spoken-form';
import type { SocketFrames } from './socket-frames';
import { type Manner, SpeechQueue } from './speech-queue';
import { constantSound, IDENTICAL_FRAMES, type SpokenFrame } from './spoken-frames';
import type { ElevenLabsDeps } from './vendor-deps';

export interface SpeechOutputOptions {
  endpoint: Endpoint<'elevenlabs'>;
  /** Undefined on the sockets with one context. */
  contextId: string | undefined;
  format: OutputFormat;
  syncAlignment: boolean;
  frames: SocketFrames;
  model: SpeechModel;
  /** How words are to be pronounced. */
  rules: readonly PronunciationRule[];
  /** Whether the account's concurrency counts it while it generates; dialogue sockets are counted themselves. */
  isCounted: boolean;
  link: SocketLink<ElevenLabsFault>;
  deps: ElevenLabsDeps;
}

/** The speech of one context on a socket: texts in, frames out. It ends by `end` or with the socket. */
export class SpeechOutput {
  /** Resolves when everything has been sent, its final frame included, or the socket is gone. Rejects when synthesis fails. */
  readonly done: Promise<void>;
  readonly #speech: SpeechQueue;
  readonly #scope: FaultScope<ElevenLabsFault>;
  readonly #alignment: AlignmentWriter;
  /** The texts that are not spoken yet. */
  readonly #open = new Set<ReturnType<ElevenLabsDeps['tally']['speech']['add']>>();
  #ended = false;
  #bytes = 0;
  #generating = false;

  constructor(private readonly options: SpeechOutputOptions) {
    const { syncAlignment, format, model, rules, link, deps, endpoint } = options;
    this.#scope = link.scope(deps.drawFault(endpoint));
    this.#alignment = new AlignmentWriter(syncAlignment ? deps.alignment : 'none');
    const chunkMs = () => (this.#scope.is('identical-frames') ? IDENTICAL_FRAMES : undefined);
    const spoken = (text: string): string => spokenForm(model, rules, text);
    this.#speech = new SpeechQueue({ ...deps, rateHz: format.rateHz, chunkMs, spokenForm: spoken }, link.gone);
    deps.tally.contextsOpened += 1;
    this.#scope.begin();
    this.done = this.#run();
    // The session gets a failure through `done`; this only keeps an unhandled rejection from ending the process.
    this.done.catch(() => undefined);
  }

  /** True from the first text to the last of its audio. */
  get isGenerating(): boolean {
    return this.#generating;
  }

  /** `voiceId`: the vendor's id, for the record. */
  say(text: string, voiceId: string, manner: Manner): void {
    const { model, endpoint, contextId, deps } = this.options;
    const { tally, gauge } = deps;
    tally.charactersBilled += text.trim().length;
    const record = tally.speech.add({
      endpoint,
      ...(contextId !== undefined && { contextId }),
      model: model.id,
      voiceIds: [voiceId],
      text,
    });
    if (this.#scope.is('silence')) return;
    this.#speech.say(text, manner);
    this.#open.add(record);
    this.#speech.whenSpoken(() => {
      record.settle(this.#scope.silent ? 'aborted' : 'complete');
      this.#open.delete(record);
    });
    if (!this.#speech.busy) return;
    if (!this.#generating && this.options.isCounted) gauge.enter();
    this.#generating = true;
    this.#speech.whenSpoken(() => {
      if (!this.#speech.busy) this.#rest();
    });
  }

  /** Sends a frame behind the audio of everything said so far. */
  sendBehind(frame: object): void {
    this.#speech.whenSpoken(() => this.#scope.send(JSON.stringify(frame)));
  }

  /** No more text will come; what was said is still spoken. Idempotent. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.options.deps.tally.contextsClosed += 1;
    if (this.#speech.busy) this.options.deps.tally.contextsCancelled += 1;
    this.#speech.end();
  }

  /** The socket is gone. */
  abandon(): void {
    const { deps } = this.options;
    if (this.#generating) deps.tally.contextsCancelled += this.#ended ? 0 : 1;
    if (!this.#ended) deps.tally.contextsClosed += 1;
    this.#ended = true;
    for (const record of this.#open) record.settle('aborted');
  }

  async #run(): Promise<void> {
    const { link, endpoint, deps } = this.options;
    try {
      for await (const frame of this.#speech.frames()) {
        if (!link.gone.aborted) this.#send(frame);
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
    if (this.#generating && this.options.isCounted) this.options.deps.gauge.leave();
    this.#generating = false;
  }

  #send(frame: SpokenFrame): void {
    const { format, frames, deps } = this.options;
    const audio = format.encode(this.#scope.is('identical-frames') ? constantSound(frame.pcm) : frame.pcm);
    this.#bytes += audio.length;
    deps.tally.audioBytes += audio.length;
    if (this.#ended) deps.tally.bytesAfterCancel += audio.length;
    const alignment = this.#alignment.write(frame, this.#scope.fault?.kind);
    this.#scope.send(JSON.stringify(frames.audio(audio.toString('base64'), alignment)), { isAudio: true, bytes: audio.length });
  }

  #sendFinal(): void {
    const final = JSON.stringify(this.options.frames.final());
    this.#scope.send(final);
    if (this.#scope.is('duplicate-final')) this.#scope.send(final);
  }
}
