import { type AgentReply, hasAudio, hasText, isStuck, isWhole, unheardMs, unspoken } from './agent-reply';

/** A reply is over when everything was heard and nothing more has arrived for this long. The vendor sends no event for the end. */
const MORE_AUDIO_WITHIN_MS = 400;
/** When most of a reply has not been spoken, a pause may last this many times as long as the rest of its text takes to say. */
const MAX_PAUSE_FACTOR = 1.5;
/** The longest pause that is allowed in the middle of a reply. */
const MOST_PAUSE_MS = 5_000;
/** The text of a reply arrives at most this long after its audio, or not at all. */
const TEXT_AFTER_AUDIO_MS = 4_000;
/** A reply whose last letter was spoken gets no more audio after this long. Only a breath may follow the last letter. */
const SETTLED_AFTER_MS = 300;
/** The audio of a reply arrives at most this long after its text, or not at all. */
const AUDIO_AFTER_TEXT_MS = 5_000;
/** After a tool was used, the agent has this long to continue speaking in the same turn. */
export const MORE_AFTER_TOOL_MS = 5_000;
/** How often a running tool is checked. */
const LOOK_AFTER_TOOLS_MS = 5_000;
/** Tolerance for rounding errors in sums of durations. */
const INAUDIBLE_MS = 1;

/**
 * Decides when the agent has finished speaking, because no event says so. The decision is based on what has arrived of a reply and what of
 * it was heard. Immutable. Times are milliseconds of the monotonic clock.
 */
export interface SpeechEnd {
  /** Whether all audio of the reply has arrived. */
  readonly isComplete: boolean;
  readonly toolsRunning: number;
  readonly usedTools: boolean;
  readonly moreUntilMs: number;
  readonly audioDueUntilMs: number;
  /** When everything that had arrived of the reply was heard. */
  readonly drainedAtMs: number | undefined;
  /** Whether the agent sends text with its replies. Assumed until a reply had none. */
  readonly tellsText: boolean;
}

export const NO_SPEECH: SpeechEnd = {
  isComplete: false,
  toolsRunning: 0,
  usedTools: false,
  moreUntilMs: 0,
  audioDueUntilMs: 0,
  drainedAtMs: undefined,
  tellsText: true,
};

/** Another reply begins. */
export const speechBegins = (end: SpeechEnd): SpeechEnd => ({
  ...end,
  isComplete: false,
  usedTools: end.toolsRunning > 0,
  audioDueUntilMs: 0,
  drainedAtMs: undefined,
});

/** Text has arrived whose audio is still on its way. */
export function afterText(end: SpeechEnd, reply: AgentReply, atMs: number): SpeechEnd {
  const mayBeSaid = reply.isTextLate && unspoken(reply).leftMs === 0;
  const isAudioDue = unheardMs(reply, atMs) <= INAUDIBLE_MS && !mayBeSaid;
  return { ...end, moreUntilMs: 0, audioDueUntilMs: isAudioDue ? atMs + AUDIO_AFTER_TEXT_MS : end.audioDueUntilMs };
}

export const afterAudio = (end: SpeechEnd): SpeechEnd => ({ ...end, moreUntilMs: 0, audioDueUntilMs: 0, drainedAtMs: undefined });

export const afterToolStart = (end: SpeechEnd): SpeechEnd => ({ ...end, toolsRunning: end.toolsRunning + 1, usedTools: true });

export const afterToolEnd = (end: SpeechEnd, atMs: number): SpeechEnd => ({
  ...end,
  toolsRunning: Math.max(0, end.toolsRunning - 1),
  moreUntilMs: atMs + MORE_AFTER_TOOL_MS,
});

/** The reply is over. What it has shown about the agent is kept for the next reply. */
export const afterReply = (end: SpeechEnd, reply: AgentReply): SpeechEnd => ({
  ...end,
  tellsText: hasText(reply) || (end.tellsText && !hasAudio(reply)),
});

/**
 * Since when the conversation has been quiet. Waiting in vain for more audio counts as quiet. Undefined while there is something to hear.
 */
export const quietSinceMs = ({ drainedAtMs }: SpeechEnd): number | undefined =>
  drainedAtMs === undefined ? undefined : drainedAtMs + MORE_AUDIO_WITHIN_MS;

/** Whether the agent is using a tool, or has its result and has not continued yet. What it has said so far is then not its whole answer. */
export const expectsMore = ({ toolsRunning, moreUntilMs }: SpeechEnd, atMs: number): boolean => toolsRunning > 0 || moreUntilMs > atMs;

/** Whether the last letter was spoken, so that no more audio will arrive. */
export const isSettled = (end: SpeechEnd, reply: AgentReply, atMs: number): boolean => settlesInMs(end, reply, atMs) === 0;

/** The milliseconds until the reply may be over, or 0 when it is over, and the updated `drainedAtMs`. */
export function speechLeft(end: SpeechEnd, reply: AgentReply, atMs: number): { leftMs: number; drainedAtMs: number | undefined } {
  const { drainedAtMs } = end;
  if (isStuck(reply, atMs)) return { leftMs: 0, drainedAtMs };
  const toHearMs = unheardMs(reply, atMs);
  if (toHearMs > INAUDIBLE_MS) return { leftMs: Math.min(toHearMs, settlesInMs(end, reply, atMs) || Infinity), drainedAtMs };
  if (end.toolsRunning > 0) return { leftMs: LOOK_AFTER_TOOLS_MS, drainedAtMs };
  if (end.isComplete) return { leftMs: 0, drainedAtMs };
  const sinceMs = drainedAtMs ?? atMs;
  const restDueUntilMs = Math.max(sinceMs, reply.lastEventAtMs) + pauseMs(end, reply);
  const untilMs = Math.max(sinceMs + MORE_AUDIO_WITHIN_MS, end.moreUntilMs, end.audioDueUntilMs, restDueUntilMs);
  return { leftMs: untilMs - atMs, drainedAtMs: sinceMs };
}

/** How long the agent may pause in this reply, depending on how much of its text has not been spoken. */
function pauseMs({ tellsText }: SpeechEnd, reply: AgentReply): number {
  if (!hasAudio(reply)) return 0;
  if (!hasText(reply)) return tellsText ? TEXT_AFTER_AUDIO_MS : 0;
  const { ofMs, leftMs } = unspoken(reply);
  return Math.min(MOST_PAUSE_MS, leftMs > ofMs / 2 ? leftMs * MAX_PAUSE_FACTOR : leftMs);
}

/** The milliseconds until the reply, whose last letter was spoken, counts as complete. Undefined when its end cannot be known that way. */
function settlesInMs({ isComplete, usedTools }: SpeechEnd, reply: AgentReply, atMs: number): number | undefined {
  if (isComplete || usedTools || !isWhole(reply)) return undefined;
  return Math.max(0, reply.lastEventAtMs + SETTLED_AFTER_MS - atMs);
}
