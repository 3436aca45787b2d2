import type { JournalEntry, JournalStep } from '@parley/conversation';
import type { AssistantSpan } from './timeline';

/**
 * The assistant's speech as it was played, from a journal: each turn's speech as it was sent, from the moment at which the client reported
 * that it had begun to play, with the pauses and the stops that the server told it. A client that reports nothing has played after
 * `playerBufferMs`.
 */
export function playedSpeech(entries: readonly JournalEntry[], outputRateHz: number, playerBufferMs: number): AssistantSpan[] {
  const reported = new Set(entries.flatMap((entry) => (isStart(entry) ? [entry.event.turn] : [])));
  const player = new PlayedTurns();
  for (const entry of entries) {
    if (entry.kind === 'speech') {
      const startsAtMs = reported.has(entry.turn) ? Infinity : entry.atMs + playerBufferMs;
      player.take(entry.turn, (entry.samples * 1000) / outputRateHz, entry.atMs, startsAtMs);
    } else follow(player, entry);
  }
  return player.spans();
}

type Start = JournalStep & { event: Extract<JournalStep['event'], { type: 'playback_reported' }> };
const isStart = (entry: JournalEntry): entry is Start =>
  entry.kind === 'step' && entry.event.type === 'playback_reported' && entry.event.event === 'started';

function follow(player: PlayedTurns, { event, effects }: JournalStep): void {
  const { atMs } = event;
  if (event.type === 'playback_reported' && event.event === 'started') player.start(event.turn, atMs);
  if (event.type === 'playback_reported' && event.event === 'ended') player.stop(event.turn, atMs);
  for (const effect of effects) {
    if (effect.type === 'end_session') player.stopAll(atMs);
    if (effect.type !== 'notify') continue;
    const { notification } = effect;
    if (notification.type === 'interrupted') player.stop(notification.turn, atMs);
    if (notification.type === 'paused') player.pause(notification.turn, notification.active, atMs);
  }
}

/** A client's playback, computed from the times of the messages. */
class PlayedTurns {
  private readonly played: AssistantSpan[] = [];
  private turn = 0;
  /** Sent and not played yet. */
  private bufferMs = 0;
  private startsAtMs = Infinity;
  private paused = false;
  private nowMs = 0;

  take(turn: number, durationMs: number, atMs: number, startsAtMs: number): void {
    this.advance(atMs);
    if (turn !== this.turn) {
      this.turn = turn;
      this.bufferMs = 0;
      this.startsAtMs = startsAtMs;
      this.paused = false;
    }
    this.bufferMs += durationMs;
  }

  start(turn: number, atMs: number): void {
    this.advance(atMs);
    if (turn === this.turn) this.startsAtMs = Math.min(this.startsAtMs, atMs);
  }

  pause(turn: number, active: boolean, atMs: number): void {
    this.advance(atMs);
    if (turn === this.turn) this.paused = active;
  }

  stop(turn: number, atMs: number): void {
    this.advance(atMs);
    if (turn === this.turn) this.bufferMs = 0;
  }

  stopAll(atMs: number): void {
    this.stop(this.turn, atMs);
  }

  spans(): AssistantSpan[] {
    this.advance(Infinity);
    return this.played;
  }

  private advance(untilMs: number): void {
    const fromMs = Math.max(this.nowMs, this.startsAtMs);
    this.nowMs = untilMs;
    if (this.paused || this.bufferMs === 0 || fromMs >= untilMs) return;
    const durationMs = Math.min(this.bufferMs, untilMs - fromMs);
    this.bufferMs -= durationMs;
    const last = this.played.at(-1);
    if (last?.turn === this.turn && fromMs - last.endMs < CONTINUOUS_MS) last.endMs = fromMs + durationMs;
    else this.played.push({ turn: this.turn, startMs: fromMs, endMs: fromMs + durationMs });
  }
}

/** Gaps shorter than a frame, in ms, are rounding errors. */
const CONTINUOUS_MS = 20;
