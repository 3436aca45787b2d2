import { AsyncQueue, type NarrationPiece, type SpeechChunk } from '@parley/providers';
import type { NarrationMeter } from './narration-meter';
import type { NarrationChoices, NarrationPorts, NarratorVoice } from './narration-ports';
import type { WorkAhead } from './work-ahead';

export interface SegmentSpeechOptions {
  provider: NarrationPorts['provider'];
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
 * change of the voice leaves no gap.
 */
export class SegmentSpeech {
  readonly #pieces = new AsyncQueue<NarrationPiece>();
  readonly #chunks = new AsyncQueue<SpeechChunk>();
  readonly #stop = new AbortController();
  #hasText = false;
  #isStarted = false;

  constructor(
    /** From 1 within the narration. */
    readonly number: number,
    private readonly options: SegmentSpeechOptions,
  ) {}

  get hasText(): boolean {
    return this.#hasText;
  }

  /** Connects to the vendor, and makes the speech of all text. Idempotent. */
  start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    void this.#speak();
  }

  /** Gives a piece of text to the voice, which speaks it without waiting for more. */
  give(text: string): void {
    this.#hasText ||= text.trim() !== '';
    this.#pieces.push({ text, flush: true });
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
    this.#chunks.discard();
  }

  async #speak(): Promise<void> {
    const { provider, choices, voice, chunkSchedule, meter, ahead } = this.options;
    const { model, language, seed, sampleRateHz } = choices;
    try {
      const speech = provider.narrate(
        this.#read(),
        {
          voiceId: voice.voiceId,
          model,
          sampleRateHz,
          chunkSchedule,
          onNotice: (notice) => meter.notice(notice),
          ...(voice.settings && { settings: voice.settings }),
          ...(language !== undefined && { language }),
          ...(seed !== undefined && { seed }),
        },
        this.#stop.signal,
      );
      for await (const chunk of speech) {
        meter.audioReceived();
        ahead.made((chunk.pcm.length * 1000) / sampleRateHz, chunk.alignment?.chars.length ?? 0);
        this.#chunks.push(chunk);
      }
      this.#chunks.end();
    } catch (error) {
      this.#chunks.fail(error);
    }
  }

  async *#read(): AsyncGenerator<NarrationPiece> {
    const { meter, ahead } = this.options;
    for await (const piece of this.#pieces) {
      await ahead.room();
      if (this.#stop.signal.aborted) return;
      ahead.given(piece.text.length);
      meter.textGiven();
      yield piece;
    }
  }
}
