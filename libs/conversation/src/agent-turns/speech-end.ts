import { type AgentReply, hasAudio, hasText, isStuck, isWhole, unheardMs, unspoken } from './agent-reply';

/** A reply of which all was heard is over after this long without more; the vendor does not tell. */
const MORE_AUDIO_WITHIN_MS = 400;
/** An agent that pauses in a reply of which most was not spoken is waited for so many times as long as the rest of its text takes to say. */
const PATIENCE_FOR_MOST = 1.5;
/** The longest pause in the middle of a reply. */
const MOST_PAUSE_MS = 5_000;
/** A reply's text comes this soon after its audio, or not at all. */
const TEXT_AFTER_AUDIO_MS = 4_000;
/** A reply whose last letter was spoken gets no more audio after this long: only the breath behind it was still to come. */
const SETTLED_AFTER_MS = 300;
/** A reply's audio comes this soon after its text, or not at all. */
const AUDIO_AFTER_TEXT_MS = 5_000;
/** After a tool was used, the agent has this long to go on speaking in the same turn. */
export const MORE_AFTER_TOOL_MS = 5_000;
/** A tool that runs is looked after this often. */
const LOOK_AFTER_TOOLS_MS = 5_000;
/** Sums of durations are not exact. */
const INAUDIBLE_MS = 1;

/**
 * When the agent has finished speaking, which nobody tells: from what has come of a reply, and what of it was heard. A value. Times are of
 * the monotonic clock.
 */
export interface SpeechEnd {
  /** All of the reply's audio has come. */
  readonly isComplete: boolean;
  readonly toolsRunning: number;
  readonly usedTools: boolean;
  readonly moreUntilMs: number;
  readonly audioDueUntilMs: number;
  /** When nothing of the reply was to be heard any more. */
  readonly drainedAtMs: number | undefined;
  /** The agent's replies have a text; until one had none, they are taken to. */
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

/** Text of which nothing can be heard yet: its audio is on its way. */
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

/** The reply is over: what is known of the agent from it. */
export const afterReply = (end: SpeechEnd, reply: AgentReply): SpeechEnd => ({
  ...end,
  tellsText: hasText(reply) || (end.tellsText && !hasAudio(reply)),
});

/** Since when it is quiet: a wait for more that did not come was quiet. Undefined while there is something to be heard. */
export const quietSinceMs = ({ drainedAtMs }: SpeechEnd): number | undefined =>
  drainedAtMs === undefined ? undefined : drainedAtMs + MORE_AUDIO_WITHIN_MS;

/** Whether the agent uses a tool, or has its result and has not gone on: what it has said so far is not its answer. */
export const expectsMore = ({ toolsRunning, moreUntilMs }: SpeechEnd, atMs: number): boolean => toolsRunning > 0 || moreUntilMs > atMs;

/** Whether the last letter has been spoken, so that no more audio comes. */
export const isSettled = (end: SpeechEnd, reply: AgentReply, atMs: number): boolean => settlesInMs(end, reply, atMs) === 0;

/** Until the reply may be over; 0 when it is. `drainedAtMs` as it is known now. */
export function speechLeft(end: SpeechEnd, reply: AgentReply, atMs: number): { leftMs: number; drainedAtMs: number | undefined } {
  const { drainedAtMs } = end;
  if (isStuck(reply, atMs)) return { leftMs: 0, drainedAtMs };
  const toHearMs = unheardMs(reply, atMs);
  if (toHearMs > INAUDIBLE_MS) return { leftMs: Math.min(toHearMs, settlesInMs(end, reply, atMs) || Infinity), drainedAtMs };
  if (end.toolsRunning > 0) return { leftMs: LOOK_AFTER_TOOLS_MS, drainedAtMs };
  if (end.isComplete) return { leftMs: 0, drainedAtMs };
  const sinceMs = drainedAtMs ?? atMs;
  const restDueUntilMs = Math.max(sinceMs, reply.newsAtMs) + pauseMs(end, reply);
  const untilMs = Math.max(sinceMs + MORE_AUDIO_WITHIN_MS, end.moreUntilMs, end.audioDueUntilMs, restDueUntilMs);
  return { leftMs: untilMs - atMs, drainedAtMs: sinceMs };
}

/** For how long the agent may pause in this reply: by how much of its text was not spoken. */
function pauseMs({ tellsText }: SpeechEnd, reply: AgentReply): number {
  if (!hasAudio(reply)) return 0;
  if (!hasText(reply)) return tellsText ? TEXT_AFTER_AUDIO_MS : 0;
  const { ofMs, leftMs } = unspoken(reply);
  return Math.min(MOST_PAUSE_MS, leftMs > ofMs / 2 ? leftMs * PATIENCE_FOR_MOST : leftMs);
}

/** Undefined where there is nothing to wait for. */
function settlesInMs({ isComplete, usedTools }: SpeechEnd, reply: AgentReply, atMs: number): number | undefined {
  if (isComplete || usedTools || !isWhole(reply)) return undefined;
  return Math.max(0, reply.newsAtMs + SETTLED_AFTER_MS - atMs);
}
