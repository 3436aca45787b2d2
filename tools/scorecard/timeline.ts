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

/** Something that the user's side let hear. */
export interface UserSpan extends Span {
  /** `turn` wants an answer; a `back_channel` and a `noise` (a cough, a key, a door) want none. */
  kind: 'turn' | 'back_channel' | 'noise';
  /** What of it is speech: a pause within a turn is not. Empty for a noise. */
  parts: readonly Span[];
}

export interface AssistantSpan extends Span {
  /** The turn that it answers. A turn has several spans where the assistant was paused and went on. */
  turn: number;
}

/** The assistant's speech at a moment. */
export const speakingAt = ({ assistant }: Timeline, atMs: number): AssistantSpan | undefined =>
  assistant.find(({ startMs, endMs }) => startMs < atMs && atMs < endMs);

/** When the assistant gives the word up: the end of what is heard of that turn. A pause that it goes on from is none. */
export const yieldedAtMs = ({ assistant }: Timeline, { turn }: AssistantSpan): number =>
  Math.max(...assistant.filter((span) => span.turn === turn).map(({ endMs }) => endMs));

export const overlapMs = (a: Span, b: Span): number => Math.max(0, Math.min(a.endMs, b.endMs) - Math.max(a.startMs, b.startMs));
