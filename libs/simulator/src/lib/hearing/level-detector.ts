/** The detector's parameters; all in milliseconds but `threshold`. */
export interface LevelDetectorSettings {
  /** Sounds shorter than this are not speech. */
  minSpeechMs: number;
  /** Silence that ends a stretch of speech. */
  silenceMs: number;
  /** 0..1, as the vendor's parameter; 0.3 asks for speech about 8 dB over the noise floor. */
  threshold: number;
}

const FRAME_MS = 20;
const QUIETEST_SPEECH_DB = -56;
/** The floor follows a louder room at 2 dB per second. */
const FLOOR_RISE_DB = 0.04;

/** Detects speech by its level over an adaptive noise floor. Good enough for a simulated vendor, but not for a product. */
export class LevelDetector {
  settings: LevelDetectorSettings;
  #floorDb: number | undefined;
  #speechMs = 0;
  #silentMs = 0;
  #speaking = false;

  constructor(settings: LevelDetectorSettings) {
    this.settings = settings;
  }

  get speaking(): boolean {
    return this.#speaking;
  }

  /** Takes a frame of 20 ms; returns whether speech starts or ends with it, if so. */
  push(frame: Int16Array): 'start' | 'end' | undefined {
    return this.#speaking ? this.#whileSpeaking(frame) : this.#whileSilent(frame);
  }

  /** Forgets the current speech: what follows is a new stretch. */
  reset(): void {
    this.#speaking = false;
    this.#speechMs = 0;
    this.#silentMs = 0;
  }

  #whileSilent(frame: Int16Array): 'start' | undefined {
    this.#speechMs = this.#isSpeech(frame) ? this.#speechMs + FRAME_MS : Math.max(0, this.#speechMs - FRAME_MS);
    if (this.#speechMs < Math.max(FRAME_MS, this.settings.minSpeechMs)) return undefined;
    this.#speaking = true;
    this.#silentMs = 0;
    return 'start';
  }

  #whileSpeaking(frame: Int16Array): 'end' | undefined {
    this.#silentMs = this.#isSpeech(frame) ? 0 : this.#silentMs + FRAME_MS;
    if (this.#silentMs < this.settings.silenceMs) return undefined;
    this.reset();
    return 'end';
  }

  #isSpeech(frame: Int16Array): boolean {
    const levelDb = levelOf(frame);
    const floorDb = this.#floorDb ?? Math.min(levelDb, -45);
    this.#floorDb = levelDb < floorDb ? levelDb : Math.min(levelDb, floorDb + (this.#speaking ? 0 : FLOOR_RISE_DB));
    return levelDb > Math.max(QUIETEST_SPEECH_DB, floorDb + 2 + this.settings.threshold * 20);
  }
}

/** Mean level of a frame in dBFS, -96 at the lowest. */
function levelOf(frame: Int16Array): number {
  let sum = 0;
  for (const sample of frame) sum += sample * sample;
  return Math.max(-96, 10 * Math.log10((sum / Math.max(1, frame.length) + 1e-9) / 32_768 ** 2));
}
