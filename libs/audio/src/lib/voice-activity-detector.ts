import { LevelGate, type GateState } from './level-gate';
import { meanSquareToDbfs, pcm16ToFloat } from './pcm';
import { SILERO_WINDOW_SAMPLES, SileroVad } from './silero/silero-vad';
import { type SileroWeights } from './silero/silero-weights';

/**
 * `unclear` is neither: it does not begin speech, and it does not count as silence that ends it (the delays the design gives were measured
 * that way).
 */
export type VoiceActivity = 'speech' | 'silence' | 'unclear';

/** What was heard in one window of 32 ms. */
export interface VoiceWindow {
  /** The audio clock: milliseconds of audio pushed since construction or `reset`, up to the end of this window. */
  readonly endMs: number;
  readonly activity: VoiceActivity;
  /** The speech model's output, 0..1. */
  readonly probability: number;
  /** Level of the window. */
  readonly levelDbfs: number;
  /** Level of the background. */
  readonly floorDbfs: number;
}

/** What a detector needs. */
export interface VoiceActivityDetectorOptions {
  /** Parsed once (`parseSileroWeights`) and shared by all sessions. */
  readonly weights: SileroWeights;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

const SAMPLES_PER_MS = 16;
/** Duration of one window, in milliseconds. */
export const VOICE_WINDOW_MS = SILERO_WINDOW_SAMPLES / SAMPLES_PER_MS;

const SPEECH_PROBABILITY = 0.5;
const SILENCE_PROBABILITY = 0.35;

/**
 * Tells speech of someone at the microphone from everything else: the Silero model says whether it is speech, a level gate whether it is
 * near. One instance per session; holds no resources, and allocates nothing after construction.
 */
export class VoiceActivityDetector {
  private readonly silero: SileroVad;
  private readonly gate = new LevelGate();
  private readonly samples = new Float32Array(SILERO_WINDOW_SAMPLES);
  private filled = 0;
  private windows = 0;
  /** The one window object handed out. */
  private readonly window: Mutable<VoiceWindow> = { endMs: 0, activity: 'silence', probability: 0, levelDbfs: 0, floorDbfs: 0 };

  constructor({ weights }: VoiceActivityDetectorOptions) {
    this.silero = new SileroVad(weights);
  }

  /**
   * Takes in 16 kHz mono PCM of any length; calls `onWindow` for every window it completes (none, one or several).
   * The window object is used again for the next one: copy what is kept.
   */
  push(frame: Int16Array, onWindow: (window: VoiceWindow) => void): void {
    for (let i = 0; i < frame.length; i++) {
      this.samples[this.filled++] = pcm16ToFloat(frame[i]);
      if (this.filled < this.samples.length) continue;
      this.filled = 0;
      onWindow(this.classify());
    }
  }

  /** While the assistant is heard, more level is asked of the user, so that an echo does not interrupt it. */
  setAssistantSpeaking(active: boolean): void {
    this.gate.setAssistantSpeaking(active);
  }

  /** A new stream begins: forgets what was heard and sets the audio clock to 0. */
  reset(): void {
    this.silero.reset();
    this.gate.reset();
    this.filled = 0;
    this.windows = 0;
  }

  private classify(): VoiceWindow {
    const { window } = this;
    window.levelDbfs = meanSquareToDbfs(meanSquare(this.samples));
    const gate = this.gate.push(window.levelDbfs);
    window.floorDbfs = this.gate.floorDbfs;
    window.probability = this.silero.process(this.samples);
    window.activity = activityOf(window.probability, gate);
    window.endMs = ++this.windows * VOICE_WINDOW_MS;
    return window;
  }
}

function activityOf(probability: number, gate: GateState): VoiceActivity {
  if (probability >= SPEECH_PROBABILITY && gate === 'open') return 'speech';
  return probability < SILENCE_PROBABILITY || gate === 'closed' ? 'silence' : 'unclear';
}

function meanSquare(samples: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += samples[i] * samples[i];
  return sum / samples.length;
}
