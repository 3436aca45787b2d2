import { SILENCE_DBFS } from './pcm';
import { RunningPercentile } from './running-percentile';

/** Three seconds of 32 ms windows. */
const FLOOR_WINDOWS = 94;
const FLOOR_FRACTION = 0.2;
/** How far above the floor a window must be to open the gate, and how near it closes. */
const OPEN_MARGIN_DB = 6;
const OPEN_MARGIN_WHILE_ASSISTANT_SPEAKS_DB = 12;
const CLOSE_MARGIN_DB = 3;
/** The gate never opens below this level, in dBFS. */
const MIN_OPEN_DBFS = -58;

/** `between` is neither: louder than the background, not loud enough to be the user. */
export type GateState = 'open' | 'between' | 'closed';

/**
 * Decides whether a window of audio is loud enough, over the background of the last three seconds, to be someone at the microphone. It
 * keeps far talkers and what is left of the assistant's own echo from counting as the user. One instance per stream; allocates nothing.
 */
export class LevelGate {
  private readonly levels = new RunningPercentile(FLOOR_WINDOWS, FLOOR_FRACTION);
  private openMarginDb = OPEN_MARGIN_DB;
  private floor = SILENCE_DBFS;

  /** Level of the background, in dBFS: the 20th percentile of the last windows. */
  get floorDbfs(): number {
    return this.floor;
  }

  /** While the assistant is heard, a window must be 12 dB above the floor, else 6. */
  setAssistantSpeaking(active: boolean): void {
    this.openMarginDb = active ? OPEN_MARGIN_WHILE_ASSISTANT_SPEAKS_DB : OPEN_MARGIN_DB;
  }

  /** Takes the level of the next window, in dBFS. */
  push(levelDbfs: number): GateState {
    this.floor = this.levels.push(levelDbfs);
    const marginDb = levelDbfs - this.floor;
    if (marginDb > this.openMarginDb && levelDbfs > MIN_OPEN_DBFS) return 'open';
    return marginDb < CLOSE_MARGIN_DB ? 'closed' : 'between';
  }

  /** Forgets the background, but not whether the assistant speaks. */
  reset(): void {
    this.levels.reset();
    this.floor = SILENCE_DBFS;
  }
}
