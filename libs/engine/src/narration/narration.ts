import { type SpeechChunk, ProviderError } from '@parley/providers';
import { AudioOutbox } from '../output/audio-outbox';
import { describeError, type PlaybackReport } from '../ports';
import { type NarrationEndReason, type TextRefusal } from './narration-event';
import { NarrationMeter } from './narration-meter';
import type { NarrationChoices, NarrationPorts, NarratorVoice } from './narration-ports';
import { SegmentSpeech } from './segment-speech';
import { TextGatherer } from './text-gatherer';
import { TextPosition } from './text-position';
import { WorkAhead } from './work-ahead';

/** The segment that is played, and the one after it. More would only wait at the vendor. */
const SEGMENTS_IN_WORK = 2;
/** So many segments may be waiting or played. */
const MOST_SEGMENTS = 500;
/** How often the figures are told while they change. Milliseconds. */
const FIGURES_EVERY_MS = 1_000;
/** How often it is looked at whether text that is held has to be spoken because the listener runs out of audio. Milliseconds. */
const RECONSIDER_EVERY_MS = 200;

/**
 * One live narration: text comes in as it is written, and speech goes out as it is generated. Its segments (stretches of one voice) are made
 * ahead and played in order. Nothing is played after `cancel` or `end`.
 */
export class Narration {
  readonly #meter: NarrationMeter;
  readonly #ahead = new WorkAhead();
  readonly #position: TextPosition;
  readonly #outbox: AudioOutbox;
  /** Those that were not played to their end, in order. The last one takes the text. */
  readonly #segments: SegmentSpeech[] = [];
  #gatherer: TextGatherer;
  #voice: NarratorVoice;
  #segmentCount = 0;
  /** Whether the last segment has got no text yet, so that nobody knows whether its voice will be needed. */
  #isVoiceUnused = false;
  #hasText = false;
  #isTextComplete = false;
  #isOver = false;
  #figuresTimer: NodeJS.Timeout | undefined;
  #reconsiderTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly ports: NarrationPorts,
    private readonly choices: NarrationChoices,
  ) {
    const now = (): number => ports.clock.now();
    this.#meter = new NarrationMeter(now);
    this.#position = new TextPosition(choices.maxCharacters);
    this.#voice = choices.voice;
    this.#gatherer = new TextGatherer(choices.schedule, now);
    this.#outbox = new AudioOutbox({
      sampleRateHz: choices.sampleRateHz,
      maxLeadMs: ports.output.maxLeadMs,
      isContinuous: true,
      now,
      send: (speech) => ports.output.play(speech),
      onSent: (_segment, durationMs) => this.#played(durationMs),
      onFinished: (segment) => this.#finished(segment),
    });
    // The connection to the vendor is made while the first text is still being written.
    this.#newSegment();
  }

  get #textEnded(): TextRefusal {
    return this.#position.refuse('text_ended', 'The text was ended before.');
  }

  /** Takes more text, of any length; it may end within a word. Returns why it was refused; then nothing of it is spoken. */
  addText(piece: string): TextRefusal | undefined {
    if (this.#isOver) return undefined;
    if (this.#isTextComplete) return this.#textEnded;
    const taken = this.#position.take(piece);
    if ('refusal' in taken) return taken.refusal;
    this.#meter.received(piece.length);
    if (this.#isVoiceUnused && taken.text.trim() !== '') {
      this.#isVoiceUnused = false;
      this.#startSegments();
    }
    this.#give(this.#gatherer.add(taken.text, this.#bufferedMs));
    return undefined;
  }

  /** Speaks all text so far without waiting for more. */
  flush(): void {
    if (!this.#isOver && !this.#isTextComplete) this.#give(this.#gatherer.flush());
  }

  /** The text from here on is spoken by another voice. Returns why that was refused; then nothing has changed. */
  setVoice(voice: NarratorVoice): TextRefusal | undefined {
    if (this.#isOver) return undefined;
    if (this.#isTextComplete) return this.#textEnded;
    if (this.#segments.length >= MOST_SEGMENTS) {
      return this.#position.refuse('too_many_segments', `Wait until some of the ${MOST_SEGMENTS} changes of the voice were spoken.`);
    }
    this.#give(this.#gatherer.flush());
    this.#voice = voice;
    const current = this.#segments.at(-1);
    if (current?.hasText) current.end();
    else this.#discard(current);
    this.#gatherer = new TextGatherer(this.choices.schedule, () => this.ports.clock.now());
    this.#isVoiceUnused = true;
    this.#newSegment();
    return undefined;
  }

  /** Nothing is played until `resume`. Idempotent. */
  pause(): void {
    if (this.#isOver) return;
    this.#outbox.hold(true);
    this.ports.emit({ type: 'paused', active: true });
  }

  /** Goes on with the sample after the last one that was played. Idempotent. */
  resume(): void {
    if (this.#isOver) return;
    this.#outbox.hold(false);
    if (!this.#isOver) this.ports.emit({ type: 'paused', active: false });
  }

  reportPlayback(report: PlaybackReport): void {
    if (!this.#isOver) this.#outbox.reportPlayback(report);
  }

  /** The text is complete: the narration ends after its last audio. Idempotent. */
  endText(): void {
    if (this.#isOver || this.#isTextComplete) return;
    this.#give(this.#gatherer.flush());
    this.#isTextComplete = true;
    if (!this.#hasText) {
      this.ports.emit({ type: 'refused', refusal: this.#position.refuse('empty_text', 'There is no text to speak.') });
      return this.end('error');
    }
    const last = this.#segments.at(-1);
    if (last && !last.hasText) this.#discard(last);
    else last?.end();
    this.#completeIfDone();
  }

  /** Stops at once. Idempotent. */
  cancel(): void {
    this.end('cancelled');
  }

  /** Ends the narration and releases everything. Idempotent. */
  end(reason: NarrationEndReason): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#figuresTimer);
    clearTimeout(this.#reconsiderTimer);
    this.#outbox.close();
    this.#ahead.close();
    for (const segment of this.#segments.splice(0)) segment.cancel();
    this.#tellFigures();
    this.ports.emit({ type: 'ended', reason });
  }

  #give(pieces: readonly string[]): void {
    for (const piece of pieces) {
      this.#hasText ||= piece.trim() !== '';
      this.#segments.at(-1)?.give(piece);
    }
    this.#reconsiderLater();
  }

  /** Speech that was made and that the listener has not heard yet. Milliseconds. */
  get #bufferedMs(): number {
    return this.#outbox.listenerLeadMs + this.#ahead.unplayedMs;
  }

  /** While text is held: the listener may run out of audio before the writer goes on. */
  #reconsiderLater(): void {
    if (!this.#gatherer.isWaiting || this.#isTextComplete) return;
    this.#reconsiderTimer ??= setTimeout(() => {
      this.#reconsiderTimer = undefined;
      // Whoever has paused waits for nothing.
      this.#give(this.#outbox.isHeld ? [] : this.#gatherer.reconsider(this.#bufferedMs));
    }, RECONSIDER_EVERY_MS);
  }

  #newSegment(): void {
    const { provider, cache } = this.ports;
    const segment = new SegmentSpeech(++this.#segmentCount, {
      provider,
      ...(cache && { cache }),
      choices: this.choices,
      voice: this.#voice,
      chunkSchedule: this.#gatherer.schedule,
      meter: this.#meter,
      ahead: this.#ahead,
    });
    this.#segments.push(segment);
    this.#startSegments();
    if (this.#segments.length === 1) this.#play(segment);
  }

  /** Takes away the last segment, which has no text. The next one has its number. */
  #discard(segment: SegmentSpeech | undefined): void {
    if (!segment) return;
    this.#segments.pop();
    this.#segmentCount -= 1;
    this.#isVoiceUnused = false;
    segment.cancel();
  }

  #startSegments(): void {
    const unused = this.#isVoiceUnused ? this.#segments.at(-1) : undefined;
    for (const segment of this.#segments.slice(0, SEGMENTS_IN_WORK)) if (segment !== unused) segment.start();
  }

  #play(segment: SegmentSpeech): void {
    void segment.play({
      spoken: (chunk) => this.#spoken(segment.number, chunk),
      ended: () => {
        if (!this.#isOver) this.#outbox.finish(segment.number, segment.number);
      },
      failed: (error) => this.#failed(error),
    });
  }

  #spoken(segment: number, { pcm, alignment }: SpeechChunk): void {
    if (this.#isOver) return;
    if (alignment) this.ports.emit({ type: 'alignment', segment, alignment });
    this.#outbox.push(segment, segment, pcm);
    this.#figuresChanged();
  }

  #played(durationMs: number): void {
    this.#meter.played(durationMs);
    this.#ahead.played(durationMs);
    this.#figuresChanged();
  }

  /** All speech of the segment has left. */
  #finished(number: number): void {
    if (this.#segments[0]?.number === number) this.#segments.shift();
    this.#startSegments();
    const [next] = this.#segments;
    if (next) this.#play(next);
    this.#completeIfDone();
  }

  #completeIfDone(): void {
    if (this.#isTextComplete && this.#segments.length === 0) this.end('completed');
  }

  #failed(error: unknown): void {
    if (this.#isOver) return;
    if (error instanceof ProviderError) this.ports.emit({ type: 'failed', error });
    else {
      this.ports.logger.error('a narration failed', { narrationId: this.choices.narrationId, error: describeError(error) });
      this.ports.emit({ type: 'failed', error: new ProviderError('parley', 'bad_response', 'the narration failed') });
    }
    this.end('error');
  }

  #figuresChanged(): void {
    this.#figuresTimer ??= setTimeout(() => {
      this.#figuresTimer = undefined;
      this.#tellFigures();
    }, FIGURES_EVERY_MS);
  }

  #tellFigures(): void {
    this.ports.emit({ type: 'figures', figures: this.#meter.figures });
  }
}
