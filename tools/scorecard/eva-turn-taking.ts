import { beginningsWithin, spokenTogetherMs } from './interaction-metrics';
import { speakingAt, type Timeline, type UserSpan, yieldedAtMs } from './timeline';

/**
 * The `turn_taking` score of EVA (ServiceNow/eva, `docs/metrics/turn_taking.md`), 0 to 1 a turn; the score of a run is their mean. By what
 * happened in the turn:
 * - nothing special: by the latency of the answer, 0 at -500 ms, rising to 1 at 500, 1 until 2000, falling to 0 at 3500 (no tools here);
 * - the assistant began to speak within the user's turn: the least of 0.5 × (1 - overlap / 2000 ms), 0.5 × (1 - (beginnings - 1) / 2)
 *   and the score of the latency after it, if an answer followed;
 * - the user began while the assistant spoke: 1 - (time until it yielded) / 2000 ms;
 * - both: the lesser of the two.
 * A turn that was not answered is 0, which is harder than EVA's own rule (it leaves out all such turns but the last).
 */
export function evaTurnScores(timeline: Timeline): number[] {
  const turns = timeline.users.filter(({ kind }) => kind === 'turn');
  return turns.map((turn, index) => turnScore(timeline, turn, turns[index + 1]?.startMs ?? Infinity));
}

const OVERLAP_HARD_MS = 2_000;
const YIELD_HARD_MS = 2_000;
const INTERRUPTION_CAP = 0.5;
const HARD_COUNT = 3;

function turnScore(timeline: Timeline, turn: UserSpan, nextStartMs: number): number {
  const answer = timeline.assistant.find(({ startMs }) => startMs >= turn.endMs && startMs < nextStartMs);
  const interrupted = speakingAt(timeline, turn.startMs);
  const beginnings = beginningsWithin(timeline, turn).length;
  const scores: number[] = [];
  if (beginnings > 0) {
    scores.push(
      INTERRUPTION_CAP * falling(spokenTogetherMs(timeline, turn), OVERLAP_HARD_MS),
      INTERRUPTION_CAP * falling(beginnings - 1, HARD_COUNT - 1),
      ...(answer ? [latencyScore(answer.startMs - turn.endMs)] : []),
    );
  }
  if (interrupted) scores.push(falling(yieldedAtMs(timeline, interrupted) - turn.startMs, YIELD_HARD_MS));
  if (!answer && !speakingAt(timeline, turn.endMs)) return 0;
  return scores.length > 0 ? Math.min(...scores) : answer ? latencyScore(answer.startMs - turn.endMs) : 0;
}

const RISE = { fromMs: -500, toMs: 500 };
const FALL = { fromMs: 2_000, toMs: 3_500 };

/** The curve for the latency of an answer. */
export const latencyScore = (latencyMs: number): number =>
  clamp(Math.min((latencyMs - RISE.fromMs) / (RISE.toMs - RISE.fromMs), (FALL.toMs - latencyMs) / (FALL.toMs - FALL.fromMs)));

const falling = (value: number, zeroAt: number): number => clamp(1 - value / zeroAt);
const clamp = (score: number): number => Math.min(1, Math.max(0, score));
