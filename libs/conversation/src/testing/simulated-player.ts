import type { TurnEffect } from '../turns/turn-effect';
import type { Agenda, Entry } from './agenda';

type SendAudio = Extract<TurnEffect, { type: 'send_audio' }>;

export const PLAYER_BUFFER_MS = 200;
const PROGRESS_EVERY_MS = 250;

/** What does not continue while the assistant is paused. */
interface Pause {
  sinceMs: number;
  /** Playback that continues later. */
  reports: Entry[];
  /** Audio that was held back. */
  work: ((nowMs: number) => void)[];
}

/** The outbox and the client: audio is sent at once, buffered and played, and playback may be reported. */
export class SimulatedPlayer {
  private readonly turns = new Map<number, { sentMs: number; endsAtMs: number }>();
  private pause: Pause | undefined;

  constructor(private readonly reports: boolean) {}

  hold(active: boolean, nowMs: number, agenda: Agenda): void {
    const { pause } = this;
    if (active) {
      this.pause = { sinceMs: nowMs, reports: agenda.take(({ type }) => type === 'playback_reported'), work: [] };
    } else if (pause) {
      this.pause = undefined;
      const pausedForMs = nowMs - pause.sinceMs;
      for (const played of this.turns.values()) if (played.endsAtMs > pause.sinceMs) played.endsAtMs += pausedForMs;
      for (const { atMs, happening } of pause.reports) agenda.add(atMs + pausedForMs, happening);
      for (const work of pause.work) work(nowMs);
    }
  }

  send({ reply, turn, durationMs }: SendAudio, atMs: number, agenda: Agenda): void {
    this.unlessPaused(atMs, (nowMs) => {
      agenda.add(nowMs, { type: 'audio_sent', reply, durationMs });
      const before = this.turns.get(turn) ?? { sentMs: 0, endsAtMs: 0 };
      const startAtMs = Math.max(before.endsAtMs, nowMs + PLAYER_BUFFER_MS);
      this.turns.set(turn, { sentMs: before.sentMs + durationMs, endsAtMs: startAtMs + durationMs });
      if (!this.reports) return;
      for (let ms = 0; ms < durationMs; ms += PROGRESS_EVERY_MS) {
        const playedMs = before.sentMs + ms;
        agenda.add(startAtMs + ms, { type: 'playback_reported', turn, event: playedMs === 0 ? 'started' : 'progress', playedMs });
      }
    });
  }

  finish(reply: number, turn: number, atMs: number, agenda: Agenda): void {
    this.unlessPaused(atMs, (nowMs) => {
      agenda.add(nowMs, { type: 'audio_finished', reply });
      const played = this.turns.get(turn);
      if (!this.reports || played === undefined) return;
      agenda.add(played.endsAtMs, { type: 'playback_reported', turn, event: 'ended', playedMs: played.sentMs });
    });
  }

  private unlessPaused(nowMs: number, work: (nowMs: number) => void): void {
    if (this.pause) this.pause.work.push(work);
    else work(nowMs);
  }
}
