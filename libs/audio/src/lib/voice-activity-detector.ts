import { LevelGate, type GateState } from './level-gate';
import { meanSquareToDbfs, pcm16ToFloat } from './pcm';
import { LazySilero } from './silero/lazy-silero';
import { SILERO_WINDOW_SAMPLES } from './silero/silero-stream';
import { type SileroWeights } from './silero/silero-weights';
import { SureVoice } from './sure-voice';
import { VoicedEnd } from './voiced-end';

/**
 * `unclear` is neither: it does not begin speech, and it does not count as silence that ends it (the delays the design gives were measured
 * that way).
 */
export type VoiceActivity = 'speech' | 'silence' | 'unclear';

/** What was detected in one window of 32 ms. */
export interface VoiceWindow {
  /** The audio clock: milliseconds of audio pushed since construction or `reset`, up to the end of this window. */
  readonly endMs: number;
  readonly activity: VoiceActivity;
  /**
   * Whether the speech that this window belongs to is surely a voice by now. A cough is speech for up to a quarter of a second, and never
   * sure; words are sure after 160 ms, and a few of them later.
   */
  readonly isSure: boolean;
  /**
   * The audio clock where the last voice ended, as far as this window can tell, to 8 ms: at the end of this window or before. It still
   * grows by up to a few windows after the last one of speech, as the voice dies away, so a silence is `endMs` less this of the newest
   * window, whatever its activity. Never goes back; 0 before the first speech.
   */
  readonly voicedEndMs: number;
  /** The speech model's output, 0..1; 0 where it was not asked, because nothing has sounded like speech and the gate is not open. */
  readonly probability: number;
  /** Level of the window, in dBFS. */
  readonly levelDbfs: number;
  /** Level of the background, in dBFS. */
  readonly floorDbfs: number;
}

/** What a detector needs. */
export interface VoiceActivityDetectorOptions {
  /** Parsed once (`parseSileroWeights`) and shared by all sessions. */
  readonly weights: SileroWeights;
  /** Asks the model about every window, needed or not: to compare with. Default: false. */
  readonly everyWindow?: boolean;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** The smallest step of a 16-bit sample. */
const ONE_UNIT = 1 / 32_768;
const SAMPLES_PER_MS = 16;
/** Duration of one window, in milliseconds. */
export const VOICE_WINDOW_MS = SILERO_WINDOW_SAMPLES / SAMPLES_PER_MS;

const SPEECH_PROBABILITY = 0.5;
const SILENCE_PROBABILITY = 0.35;
/** After this many windows of silence in a row the model is not asked again before the gate opens. */
const SETTLED_WINDOWS = 4;
/** Blocks of 8 ms, in which the end of the voice is looked for. */
const BLOCK_SAMPLES = 128;

/**
 * Distinguishes speech of someone at the microphone from everything else: the Silero model says whether it is speech, a level gate whether
 * it is near. Speech cannot begin while the gate is not open, so the model, which is nearly all of the cost, is not run then. One instance
 * per session; holds no resources, and allocates nothing after construction.
 */
export class VoiceActivityDetector {
  private readonly silero: LazySilero;
  private readonly everyWindow: boolean;
  private readonly gate = new LevelGate();
  private readonly voicedEnd = new VoicedEnd();
  private readonly sureVoice = new SureVoice();
  private readonly blocks = new Float64Array(SILERO_WINDOW_SAMPLES / BLOCK_SAMPLES);
  private readonly samples = new Float32Array(SILERO_WINDOW_SAMPLES);
  private filled = 0;
  private ditherState = 1;
  private windows = 0;
  private silentWindows = 0;
  /** The one window object handed out. */
  private readonly window: Mutable<VoiceWindow> = {
    endMs: 0,
    activity: 'silence',
    isSure: false,
    voicedEndMs: 0,
    probability: 0,
    levelDbfs: 0,
    floorDbfs: 0,
  };

  constructor({ weights, everyWindow = false }: VoiceActivityDetectorOptions) {
    this.silero = new LazySilero(weights.createStream());
    this.everyWindow = everyWindow;
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

  /**
   * Replaces exact silence by noise of one unit, the same in every run. A microphone that is switched off sends zeros, which the model was
   * not trained on: after them it takes a cough for a word.
   */
  private ditherZeros(): void {
    const { samples } = this;
    for (let i = 0; i < samples.length; i++) {
      if (samples[i] !== 0) continue;
      this.ditherState = (Math.imul(this.ditherState, 1_664_525) + 1_013_904_223) | 0;
      samples[i] = this.ditherState < 0 ? -ONE_UNIT : ONE_UNIT;
    }
  }

  /** While the assistant is heard, the user must be louder, so that an echo does not interrupt it. */
  setAssistantSpeaking(active: boolean): void {
    this.gate.setAssistantSpeaking(active);
  }

  /** A new stream begins: forgets what was heard and sets the audio clock to 0. */
  reset(): void {
    this.silero.reset();
    this.gate.reset();
    this.voicedEnd.reset();
    this.sureVoice.reset();
    this.filled = 0;
    this.ditherState = 1;
    this.windows = 0;
    this.silentWindows = 0;
  }

  private classify(): VoiceWindow {
    const { window, blocks } = this;
    for (let i = 0; i < blocks.length; i++) blocks[i] = meanSquare(this.samples, i * BLOCK_SAMPLES, BLOCK_SAMPLES);
    window.levelDbfs = meanSquareToDbfs(mean(blocks));
    const gate = this.gate.push(window.levelDbfs);
    window.floorDbfs = this.gate.floorDbfs;
    const startMs = this.windows++ * VOICE_WINDOW_MS;
    window.endMs = startMs + VOICE_WINDOW_MS;
    this.ditherZeros();
    window.probability = this.probability(gate);
    window.activity = activityOf(window.probability, gate);
    window.isSure = this.sureVoice.follow(window.activity === 'speech', window.probability, window.levelDbfs, window.floorDbfs);
    if (window.probability >= SPEECH_PROBABILITY) {
      this.voicedEnd.follow(blocks, window.activity === 'speech', startMs, window.endMs, window.floorDbfs);
    }
    window.voicedEndMs = this.voicedEnd.endMs;
    return window;
  }

  private probability(gate: GateState): number {
    if (gate !== 'open' && this.silentWindows >= SETTLED_WINDOWS && !this.everyWindow) {
      this.silero.passOver(this.samples);
      return 0;
    }
    const probability = this.silero.process(this.samples);
    this.silentWindows = probability < SILENCE_PROBABILITY ? this.silentWindows + 1 : 0;
    return probability;
  }
}

function activityOf(probability: number, gate: GateState): VoiceActivity {
  if (probability >= SPEECH_PROBABILITY && gate === 'open') return 'speech';
  return probability < SILENCE_PROBABILITY || gate === 'closed' ? 'silence' : 'unclear';
}

function meanSquare(samples: Float32Array, start: number, length: number): number {
  let sum = 0;
  for (let i = start; i < start + length; i++) sum += samples[i] * samples[i];
  return sum / length;
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}
