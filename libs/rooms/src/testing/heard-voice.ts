export interface HeardFrame {
  /** When it was received (`performance.now()`). */
  readonly atMs: number;
  /** 24 kHz mono. */
  readonly pcm: Int16Array;
  /** Root mean square: silence is 0, speech some hundreds to thousands. */
  readonly level: number;
}

/** Codecs turn digital silence into a few units at most; the quietest speech has many times this. */
const AUDIBLE_LEVEL = 60;

const isAudible = ({ level }: HeardFrame): boolean => level > AUDIBLE_LEVEL;

/** Everything that a test person has heard of one participant, in frames of 10 ms. Times are those of `performance.now()`. */
export class HeardVoice {
  readonly frames: HeardFrame[] = [];

  constructor(
    readonly identity: string,
    /** When its track was subscribed, the last one if there were several. */
    public subscribedAtMs = performance.now(),
  ) {}

  add(pcm: Int16Array): void {
    this.frames.push({ atMs: performance.now(), pcm, level: levelOf(pcm) });
  }

  /** When the first sound after that moment was heard. */
  firstSoundAfter(momentMs: number): number | undefined {
    return this.frames.find((frame) => frame.atMs > momentMs && isAudible(frame))?.atMs;
  }

  /** When the last sound before that moment was heard. */
  lastSoundBefore(momentMs: number): number | undefined {
    return this.frames.findLast((frame) => frame.atMs < momentMs && isAudible(frame))?.atMs;
  }

  /** When the last sound so far was heard. */
  lastSoundMs(): number | undefined {
    return this.frames.findLast(isAudible)?.atMs;
  }

  /** How much sound was heard in that time. */
  soundMs(fromMs = 0, toMs = Infinity): number {
    return this.between(fromMs, toMs).filter(isAudible).length * 10;
  }

  /** What was heard in that time, 24 kHz mono. */
  pcm(fromMs = 0, toMs = Infinity): Int16Array {
    const pieces = this.between(fromMs, toMs).map(({ pcm }) => pcm);
    const all = new Int16Array(pieces.reduce((length, piece) => length + piece.length, 0));
    let at = 0;
    for (const piece of pieces) {
      all.set(piece, at);
      at += piece.length;
    }
    return all;
  }

  private between(fromMs: number, toMs: number): HeardFrame[] {
    return this.frames.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
  }
}

function levelOf(pcm: Int16Array): number {
  let squares = 0;
  for (const sample of pcm) squares += sample ** 2;
  return pcm.length === 0 ? 0 : Math.sqrt(squares / pcm.length);
}
