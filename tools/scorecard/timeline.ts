/** Who could be heard when, in one conversation. Milliseconds on one clock, as they were: no ticks. */
export interface Timeline {
  /** In the order in which they were said. */
  users: readonly UserSpan[];
  /** Speech of the assistant as it was played, in order; what follows without a gap is one span. */
  assistant: readonly AssistantSpan[];
}

export interface Span {
  startMs: number;
  endMs: number;
}

/** A sound from the user's side. */
export interface UserSpan extends Span {
  /** `turn` wants an answer; a `back_channel` and a `noise` (a cough, a key, a door) want none. */
  kind: 'turn' | 'back_channel' | 'noise';
  /** The parts that are speech, without the pauses within a turn. Empty for a noise. */
  parts: readonly Span[];
}

export interface AssistantSpan extends Span {
  /** The turn that it answers. A turn has several spans where the assistant was paused and went on. */
  turn: number;
}

/** The assistant's speech at a moment. */
export const speakingAt = ({ assistant }: Timeline, atMs: number): AssistantSpan | undefined =>
  assistant.find(({ startMs, endMs }) => startMs < atMs && atMs < endMs);

/** When the assistant yields: the end of its speech of that turn, in ms. A pause after which it continues does not count. */
export const yieldedAtMs = ({ assistant }: Timeline, { turn }: AssistantSpan): number =>
  Math.max(...assistant.filter((span) => span.turn === turn).map(({ endMs }) => endMs));

export const overlapMs = (a: Span, b: Span): number => Math.max(0, Math.min(a.endMs, b.endMs) - Math.max(a.startMs, b.startMs));
