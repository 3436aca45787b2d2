import { overlapMs, speakingAt, type Timeline, type UserSpan, yieldedAtMs } from './timeline';

/**
 * The turn-taking measures of the τ-voice benchmark (tau2-bench, `docs/interaction-metrics.md`) by their definitions and windows, on our own
 * conversations, so they are not comparable with its leaderboard. Two things differ: time is not divided into ticks of 200 ms, and the
 * assistant has yielded only when nothing more of that turn is played, so a pause after which it continues does not count (`silencesMs`
 * lists those).
 */
export interface InteractionEvents {
  /**
   * A user turn that ends while the assistant is silent. Answered: the assistant begins to speak before the user speaks again, `latencyMs`
   * after the turn's end. Rate and latency are R_R and L_R.
   */
  responses: readonly { latencyMs: number | undefined }[];
  /** A user turn that begins while the assistant speaks: whether and when the assistant yields within 2.0 s. R_Y and L_Y. */
  yields: readonly { latencyMs: number | undefined }[];
  /** Times that the assistant begins to speak while the user is speaking (here also: in a pause within the user's turn). I_A, by user turns. */
  assistantInterruptions: number;
  userTurns: number;
  /** A back-channel during the assistant's speech: an error if the assistant yields within 1.0 s. S_BC. */
  backChannels: readonly Tolerance[];
  /**
   * A noise: over the assistant's speech an error as with a back-channel, in its silence where it begins to speak within 2.0 s. S_VT, which
   * τ-voice has for vocal tics and coughs.
   */
  noises: readonly Tolerance[];
}

/** How the assistant reacted to a sound that was not meant to interrupt. */
export interface Tolerance {
  correct: boolean;
  /** How long the assistant was silent before it went on, for one that paused it. */
  silencesMs: readonly number[];
}

const YIELD_WINDOW_MS = 2_000;
const TOLERANCE_WINDOW_MS = 1_000;
const RESPONSE_WINDOW_MS = 2_000;

export function interactionEvents(timeline: Timeline): InteractionEvents {
  const turns = timeline.users.filter(({ kind }) => kind === 'turn');
  return {
    responses: turns.flatMap((turn, index) => responseTo(timeline, turn, turns[index + 1]?.startMs ?? Infinity)),
    yields: turns.flatMap((turn) => yieldTo(timeline, turn)),
    assistantInterruptions: turns.reduce((count, turn) => count + beginningsWithin(timeline, turn).length, 0),
    userTurns: turns.length,
    backChannels: timeline.users.filter(({ kind }) => kind === 'back_channel').flatMap((span) => toleranceOver(timeline, span)),
    noises: timeline.users
      .filter(({ kind }) => kind === 'noise')
      .flatMap((span) => (speakingAt(timeline, span.startMs) ? toleranceOver(timeline, span) : toleranceInSilence(timeline, span))),
  };
}

function responseTo(timeline: Timeline, { endMs }: UserSpan, nextStartMs: number): { latencyMs: number | undefined }[] {
  if (speakingAt(timeline, endMs)) return [];
  const response = timeline.assistant.find(({ startMs }) => startMs >= endMs && startMs < nextStartMs);
  return [{ latencyMs: response && response.startMs - endMs }];
}

function yieldTo(timeline: Timeline, { startMs }: UserSpan): { latencyMs: number | undefined }[] {
  const speaking = speakingAt(timeline, startMs);
  if (speaking === undefined) return [];
  const latencyMs = yieldedAtMs(timeline, speaking) - startMs;
  return [{ latencyMs: latencyMs <= YIELD_WINDOW_MS ? latencyMs : undefined }];
}

/** Spans of the assistant that begin after the user has begun a turn and before it is over. */
export const beginningsWithin = ({ assistant }: Timeline, { startMs, endMs }: UserSpan): Timeline['assistant'] =>
  assistant.filter((span) => span.startMs > startMs && span.startMs < endMs);

function toleranceOver(timeline: Timeline, span: UserSpan): Tolerance[] {
  const speaking = speakingAt(timeline, span.startMs);
  if (speaking === undefined) return [];
  const correct = yieldedAtMs(timeline, speaking) - span.startMs > TOLERANCE_WINDOW_MS;
  return [{ correct, silencesMs: silencesWithin(timeline, speaking.turn, span.startMs, span.startMs + TOLERANCE_WINDOW_MS) }];
}

/** Gaps in the speech of one turn that begin within the window. */
function silencesWithin({ assistant }: Timeline, turn: number, fromMs: number, untilMs: number): number[] {
  const spans = assistant.filter((span) => span.turn === turn);
  return spans.flatMap(({ endMs }, index) => {
    const next = spans[index + 1];
    return next && endMs >= fromMs && endMs <= untilMs ? [next.startMs - endMs] : [];
  });
}

function toleranceInSilence({ assistant }: Timeline, { startMs }: UserSpan): Tolerance[] {
  const answered = assistant.some((span) => span.startMs > startMs && span.startMs - startMs <= RESPONSE_WINDOW_MS);
  return [{ correct: !answered, silencesMs: [] }];
}

/** How long user and assistant were heard at the same time in a turn. */
export const spokenTogetherMs = ({ assistant }: Timeline, { parts }: UserSpan): number =>
  parts.reduce((sum, part) => sum + assistant.reduce((ms, span) => ms + overlapMs(part, span), 0), 0);
