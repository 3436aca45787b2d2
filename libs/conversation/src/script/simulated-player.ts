import type { TurnEffect } from '../lib/turn-effect';
import type { Agenda } from './agenda';

type SendAudio = Extract<TurnEffect, { type: 'send_audio' }>;

export const PLAYER_BUFFER_MS = 200;
const PROGRESS_EVERY_MS = 250;

/** Outbox and client: audio leaves at once, is buffered and played, and what is played may be reported. */
export class SimulatedPlayer {
  private readonly turns = new Map<number, { sentMs: number; endsAtMs: number }>();

  constructor(private readonly reports: boolean) {}

  send({ reply, turn, durationMs }: SendAudio, nowMs: number, agenda: Agenda): void {
    agenda.add(nowMs, { type: 'audio_sent', reply, durationMs });
    const before = this.turns.get(turn) ?? { sentMs: 0, endsAtMs: 0 };
    const startAtMs = Math.max(before.endsAtMs, nowMs + PLAYER_BUFFER_MS);
    this.turns.set(turn, { sentMs: before.sentMs + durationMs, endsAtMs: startAtMs + durationMs });
    if (!this.reports) return;
    for (let ms = 0; ms < durationMs; ms += PROGRESS_EVERY_MS) {
      const playedMs = before.sentMs + ms;
      agenda.add(startAtMs + ms, { type: 'playback_reported', turn, event: playedMs === 0 ? 'started' : 'progress', playedMs });
    }
  }

  finish(reply: number, turn: number, nowMs: number, agenda: Agenda): void {
    agenda.add(nowMs, { type: 'audio_finished', reply });
    const played = this.turns.get(turn);
    if (!this.reports || played === undefined) return;
    agenda.add(played.endsAtMs, { type: 'playback_reported', turn, event: 'ended', playedMs: played.sentMs });
  }
}
