import { FRAME_MS } from '@parley/engine';

interface Span {
  identity: string;
  fromMs: number;
  toMs: number;
}

/** Longer than the longest turn of a user. */
const KEPT_MS = 180_000;

/** Who has spoken when, on the audio clock of the conversation: milliseconds of audio that it was given. */
export class SpeakerTimeline {
  private spans: Span[] = [];
  private nowMs = 0;

  /** The audio clock. */
  get audioMs(): number {
    return this.nowMs;
  }

  /** Another conversation begins, with a clock of its own. */
  restart(): void {
    this.spans = [];
    this.nowMs = 0;
  }

  /** The next frame has been given to the conversation, with these people speaking in it. */
  add(speakers: readonly string[]): void {
    const fromMs = this.nowMs;
    this.nowMs += FRAME_MS;
    for (const identity of speakers) {
      const last = this.spans.findLast((span) => span.identity === identity);
      if (last?.toMs === fromMs) last.toMs = this.nowMs;
      else this.spans.push({ identity, fromMs, toMs: this.nowMs });
    }
    const [oldest] = this.spans;
    if (oldest && oldest.toMs < this.nowMs - KEPT_MS) this.spans.shift();
  }

  /** Who has spoken in that time and for how long, the longest first. */
  speakersIn(fromMs: number, toMs: number): { identity: string; spokenMs: number }[] {
    const spoken = new Map<string, number>();
    for (const span of this.spans) {
      const spokenMs = Math.min(span.toMs, toMs) - Math.max(span.fromMs, fromMs);
      if (spokenMs > 0) spoken.set(span.identity, (spoken.get(span.identity) ?? 0) + spokenMs);
    }
    return [...spoken].map(([identity, spokenMs]) => ({ identity, spokenMs })).sort((one, other) => other.spokenMs - one.spokenMs);
  }
}
