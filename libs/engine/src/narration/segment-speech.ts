import { AsyncQueue, type NarrationPiece, type SpeechChunk } from '@parley/providers';
import { ChunkIdentities } from './chunk-identity';
import { ChunkRecorder } from './chunk-recorder';
import type { NarrationMeter } from './narration-meter';
import type { ChunkIdentity, NarrationAudioCache, NarrationChoices, NarrationPorts, NarratorVoice } from './narration-ports';
import { shiftedSpeech, silentSpeech } from './speech-times';
import type { WorkAhead } from './work-ahead';

export interface SegmentSpeechOptions {
  provider: NarrationPorts['provider'];
  cache?: NarrationAudioCache;
  choices: NarrationChoices;
  voice: NarratorVoice;
  /** The schedule that the vendor is told. */
  chunkSchedule: readonly number[];
  meter: NarrationMeter;
  ahead: WorkAhead;
}

/** What takes the speech of a segment, in the order of the segments. */
export interface SegmentListener {
  spoken(chunk: SpeechChunk): void;
  /** After the last audio. */
  ended(): void;
  failed(error: unknown): void;
}

/**
 * One stretch of a narration by one voice. It may be made (`start`) while the stretch before it is still being played (`play`), so that a
 * change of the voice leaves no gap. Chunks that were spoken before come from the cache; from the first one on that was not, the vendor speaks.
 */
export class SegmentSpeech {
  readonly #pieces = new AsyncQueue<string>();
  readonly #chunks = new AsyncQueue<SpeechChunk>();
  readonly #stop = new AbortController();
  readonly #identities: ChunkIdentities;
  readonly #recorder: ChunkRecorder | undefined;
  #hasText = false;
  #isStarted = false;
  /** What the vendor is given. */
  #toVendor = new AsyncQueue<NarrationPiece>();
  #isVendorListening = false;
  #isVendorGiven = false;
  #isTextRead = false;
  /** Samples that came from the cache. The vendor's times count from their end. */
  #cachedSamples = 0;

  constructor(
    /** From 1 within the narration. */
    readonly number: number,
    private readonly options: SegmentSpeechOptions,
  ) {
    const { choices, voice, cache } = options;
    this.#identities = new ChunkIdentities(choices, voice);
    const { sampleRateHz } = choices;
    this.#recorder = cache && new ChunkRecorder({ sampleRateHz, store: (chunk, speech) => cache.store(chunk, speech) });
  }

  get hasText(): boolean {
    return this.#hasText;
  }

  /** Connects to the vendor, and makes the speech of all text. Idempotent. */
  start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    void this.#listenToVendor();
    void this.#read();
  }

  /** Gives a piece of text to the voice, which speaks it without waiting for more. */
  give(text: string): void {
    this.#hasText ||= text.trim() !== '';
    this.#pieces.push(text);
  }

  /** There is no more text. */
  end(): void {
    this.#pieces.end();
  }

  /** Hands all speech to the listener, until the last one or until `cancel`. Called once. */
  async play(listener: SegmentListener): Promise<void> {
    try {
      for await (const chunk of this.#chunks) listener.spoken(chunk);
    } catch (error) {
      listener.failed(error);
      return;
    }
    if (!this.#stop.signal.aborted) listener.ended();
  }

  /** Ends the speech at once. Idempotent. */
  cancel(): void {
    this.#stop.abort();
    this.#pieces.discard();
    this.#toVendor.discard();
    this.#chunks.discard();
  }

  async #read(): Promise<void> {
    // White space has no audio of its own, so it belongs to the chunk after it.
    let blank = '';
    for await (const piece of this.#pieces) {
      const text = blank + piece;
      blank = text.trim() === '' ? text : '';
      if (blank !== '') continue;
      await this.#speak(text);
      if (this.#stop.signal.aborted) return;
    }
    this.#finish(blank);
  }

  async #speak(text: string): Promise<void> {
    const { cache } = this.options;
    const chunk = cache && this.#identities.next(text);
    if (chunk && !this.#isVendorGiven) {
      const isKnown = await this.#speakFromCache(cache, chunk);
      if (isKnown || this.#stop.signal.aborted) return;
    }
    if (chunk) this.#recorder?.given(chunk);
    this.#give(text);
  }

  async #speakFromCache(cache: NarrationAudioCache, chunk: ChunkIdentity): Promise<boolean> {
    const { ahead, meter } = this.options;
    await ahead.room();
    meter.textTaken();
    const found = await cache.find(chunk, this.#stop.signal);
    if (!found || this.#stop.signal.aborted) return false;
    meter.cacheHit();
    ahead.given(chunk.text.length);
    this.#made(shiftedSpeech(found, this.#cachedMs));
    this.#cachedSamples += found.pcm.length;
    return true;
  }

  get #cachedMs(): number {
    return (this.#cachedSamples * 1000) / this.options.choices.sampleRateHz;
  }

  /** Gives text to the vendor, which need not have been connected all the time while everything came from the cache. */
  #give(text: string): void {
    this.#isVendorGiven = true;
    if (!this.#isVendorListening) {
      this.#toVendor = new AsyncQueue();
      void this.#listenToVendor();
    }
    this.#toVendor.push({ text, flush: true });
  }

  async *#piecesFor(queue: AsyncIterable<NarrationPiece>): AsyncGenerator<NarrationPiece> {
    const { ahead, meter } = this.options;
    for await (const piece of queue) {
      await ahead.room();
      if (this.#stop.signal.aborted) return;
      ahead.given(piece.text.length);
      meter.textGiven();
      yield piece;
    }
  }

  /** All text has been read; `blank` is white space at its end. */
  #finish(blank: string): void {
    this.#isTextRead = true;
    if (this.#isVendorGiven && blank !== '') this.#toVendor.push({ text: blank });
    else if (blank !== '') this.#made(silentSpeech(blank, this.#cachedMs));
    this.#toVendor.end();
    if (!this.#isVendorListening) this.#chunks.end();
  }

  /** Passes on all speech of the vendor. If it fails before it was given any text, the next text is given to it anew. */
  async #listenToVendor(): Promise<void> {
    const { provider, choices, voice, chunkSchedule, meter } = this.options;
    const { model, language, seed, sampleRateHz } = choices;
    const options = {
      voiceId: voice.voiceId,
      model,
      sampleRateHz,
      chunkSchedule,
      onNotice: meter.notice,
      ...(voice.settings && { settings: voice.settings }),
      ...(language !== undefined && { language }),
      ...(seed !== undefined && { seed }),
    };
    this.#isVendorListening = true;
    try {
      for await (const chunk of provider.narrate(this.#piecesFor(this.#toVendor), options, this.#stop.signal)) {
        meter.audioReceived();
        this.#recorder?.heard(chunk);
        this.#made(shiftedSpeech(chunk, this.#cachedMs));
      }
      if (this.#isTextRead && !this.#stop.signal.aborted) this.#recorder?.end();
    } catch (error) {
      if (this.#isVendorGiven) this.#chunks.fail(error);
    }
    this.#isVendorListening = false;
    if (this.#isVendorGiven || this.#isTextRead) this.#chunks.end();
  }

  #made(chunk: SpeechChunk): void {
    const { ahead, choices } = this.options;
    ahead.made((chunk.pcm.length * 1000) / choices.sampleRateHz, chunk.alignment?.chars.length ?? 0);
    this.#chunks.push(chunk);
  }
}
