import { LevelDetector, type LevelDetectorSettings } from './level-detector';

/** What a segmenter reports. `onAudio` is called only between a start and an end; the first audio begins a little before the start. */
export interface SegmentHandlers {
  /** `startMs`: position in the stream of the first audio that follows. */
  onStart(startMs: number): void;
  onAudio(pcm: Int16Array): void;
  onEnd(): void;
}

const FRAME_SAMPLES = 320;
const FRAME_MS = 20;

/** Cuts a stream of 16 kHz PCM into stretches of speech, with audio from before each start. */
export class SpeechSegmenter {
  readonly #detector: LevelDetector;
  readonly #frame = new Int16Array(FRAME_SAMPLES);
  #filled = 0;
  #positionMs = 0;
  #recent: Int16Array[] = [];

  constructor(
    settings: LevelDetectorSettings,
    private readonly prefixMs: number,
    private readonly handlers: SegmentHandlers,
  ) {
    this.#detector = new LevelDetector(settings);
  }

  get speaking(): boolean {
    return this.#detector.speaking;
  }

  set settings(settings: LevelDetectorSettings) {
    this.#detector.settings = settings;
  }

  push(pcm: Int16Array): void {
    for (let from = 0; from < pcm.length;) {
      const taken = Math.min(FRAME_SAMPLES - this.#filled, pcm.length - from);
      this.#frame.set(pcm.subarray(from, from + taken), this.#filled);
      this.#filled += taken;
      from += taken;
      if (this.#filled < FRAME_SAMPLES) return;
      this.#filled = 0;
      this.#onFrame(this.#frame.slice());
    }
  }

  /** Ends the stretch of speech that is going on, if any, without `onEnd`. */
  cut(): void {
    this.#detector.reset();
    this.#recent = [];
  }

  #onFrame(frame: Int16Array): void {
    const wasSpeaking = this.#detector.speaking;
    const decision = this.#detector.push(frame);
    this.#positionMs += FRAME_MS;
    if (decision === 'start') {
      this.handlers.onStart(this.#positionMs - FRAME_MS * (this.#recent.length + 1));
      for (const earlier of this.#recent) this.handlers.onAudio(earlier);
      this.#recent = [];
    }
    if (wasSpeaking || decision === 'start') this.handlers.onAudio(frame);
    else this.#remember(frame);
    if (decision === 'end') this.handlers.onEnd();
  }

  #remember(frame: Int16Array): void {
    // The frame that triggers the start is speech too, but it is passed on separately.
    const kept = Math.ceil(this.prefixMs / FRAME_MS) + Math.ceil(this.#detector.settings.minSpeechMs / FRAME_MS) - 1;
    this.#recent.push(frame);
    if (this.#recent.length > kept) this.#recent.splice(0, this.#recent.length - Math.max(0, kept));
  }
}
