import { OUTPUT_SAMPLE_RATE_HZ } from '@parley/engine';

/** The media server's client takes speech in frames of this length. */
export const SPEECH_FRAME_MS = 20;
export const SPEECH_FRAME_SAMPLES = (OUTPUT_SAMPLE_RATE_HZ * SPEECH_FRAME_MS) / 1000;
/** The volume while somebody may be starting to speak. */
export const DUCKED_GAIN = 0.25;
/** A change of the volume takes this long. At once it would be heard as a click. */
const RAMP_SAMPLES = (OUTPUT_SAMPLE_RATE_HZ * 40) / 1000;
const RAMP_STEP = (1 - DUCKED_GAIN) / RAMP_SAMPLES;

/** The next piece of speech: at most one frame of one turn. `pcm` is empty only if `last` is set. */
export interface SpeechFrame {
  turn: number;
  pcm: Int16Array;
  /** Whether the turn's speech ends with it. */
  last: boolean;
}

interface Piece {
  turn: number;
  pcm: Int16Array;
  last: boolean;
}

/** Speech that was not handed on yet, cut into frames, with its volume. Pure bookkeeping: no time, no I/O. */
export class SpeechQueue {
  private pieces: Piece[] = [];
  private gain = 1;
  private wanted = 1;

  get isEmpty(): boolean {
    return this.pieces.length === 0;
  }

  push(turn: number, pcm: Int16Array, last: boolean): void {
    this.pieces.push({ turn, pcm, last });
  }

  /** Drops everything of these turns; of all turns if none is given. */
  clear(turn?: number): void {
    this.pieces = turn === undefined ? [] : this.pieces.filter((piece) => piece.turn !== turn);
    this.gain = this.wanted;
  }

  duck(on: boolean): void {
    this.wanted = on ? DUCKED_GAIN : 1;
  }

  /** Removes the next frame. It is shorter than a full one only at the end of what is there of its turn. */
  shift(): SpeechFrame | undefined {
    const [first] = this.pieces;
    if (first === undefined) return undefined;
    const pcm = new Int16Array(SPEECH_FRAME_SAMPLES);
    let filled = 0;
    let last = false;
    for (let next = this.pieces[0]; next?.turn === first.turn && !last; next = this.pieces[0]) {
      const part = next.pcm.subarray(0, SPEECH_FRAME_SAMPLES - filled);
      pcm.set(part, filled);
      filled += part.length;
      if (part.length < next.pcm.length) {
        next.pcm = next.pcm.subarray(part.length);
        break;
      }
      ({ last } = next);
      this.pieces.shift();
    }
    return { turn: first.turn, pcm: this.amplified(pcm.subarray(0, filled)), last };
  }

  /** Changes the volume in place: the frame is a copy. */
  private amplified(pcm: Int16Array): Int16Array {
    if (this.gain === 1 && this.wanted === 1) return pcm;
    for (let index = 0; index < pcm.length; index++) {
      if (this.gain < this.wanted) this.gain = Math.min(this.wanted, this.gain + RAMP_STEP);
      else if (this.gain > this.wanted) this.gain = Math.max(this.wanted, this.gain - RAMP_STEP);
      pcm[index] = Math.round((pcm[index] ?? 0) * this.gain);
    }
    return pcm;
  }
}
