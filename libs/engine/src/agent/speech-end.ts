import type { AgentReply } from './agent-reply';

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

/** When the agent has finished speaking, which nobody tells: from what has come of a reply, and what of it was heard. Times are of the monotonic clock. */
export class SpeechEnd {
  /** All of the reply's audio has come. */
  isComplete = false;
  private toolsRunning = 0;
  private usedTools = false;
  private moreUntilMs = 0;
  private audioDueUntilMs = 0;
  private drainedAtMs: number | undefined;
  /** The agent's replies have a text; until one had none, they are taken to. */
  private tellsText = true;

  /** Another reply begins. */
  begin(): void {
    this.isComplete = false;
    this.usedTools = this.toolsRunning > 0;
    this.audioDueUntilMs = 0;
    this.drainedAtMs = undefined;
  }

  /** Text of which nothing can be heard yet: its audio is on its way. */
  textCame(reply: AgentReply, atMs: number): void {
    this.moreUntilMs = 0;
    const mayBeSaid = reply.isTextBehindAudio && reply.unspoken.leftMs === 0;
    if (reply.leftMs(atMs) <= INAUDIBLE_MS && !mayBeSaid) this.audioDueUntilMs = atMs + AUDIO_AFTER_TEXT_MS;
  }

  /** The agent was asked again. */
  answerDue(untilMs: number): void {
    this.audioDueUntilMs = untilMs;
  }

  audioCame(): void {
    this.moreUntilMs = 0;
    this.audioDueUntilMs = 0;
    this.drainedAtMs = undefined;
  }

  toolStarted(): void {
    this.toolsRunning += 1;
    this.usedTools = true;
  }

  toolEnded(atMs: number): void {
    this.toolsRunning -= 1;
    this.moreUntilMs = atMs + MORE_AFTER_TOOL_MS;
  }

  /** The reply is over: what is known of the agent from it. */
  over(reply: AgentReply): void {
    if (reply.hasText) this.tellsText = true;
    else if (reply.hasAudio) this.tellsText = false;
  }

  /** When nothing of the reply was to be heard any more, for as long as that takes to notice; undefined while there is. */
  quietSinceMs(): number | undefined {
    return this.drainedAtMs === undefined ? undefined : this.drainedAtMs + MORE_AUDIO_WITHIN_MS;
  }

  /** Whether the agent uses a tool, or has its result and has not gone on: what it has said so far is not its answer. */
  expectsMore(atMs: number): boolean {
    return this.toolsRunning > 0 || this.moreUntilMs > atMs;
  }

  /** Whether the last letter has been spoken, so that no more audio comes. */
  isSettled(reply: AgentReply, atMs: number): boolean {
    return this.settlesInMs(reply, atMs) === 0;
  }

  /** Until the reply may be over; 0 when it is. */
  leftMs(reply: AgentReply, atMs: number): number {
    if (reply.isStuck(atMs)) return 0;
    const unheardMs = reply.leftMs(atMs);
    if (unheardMs > INAUDIBLE_MS) return Math.min(unheardMs, this.settlesInMs(reply, atMs) || Infinity);
    if (this.toolsRunning > 0) return LOOK_AFTER_TOOLS_MS;
    if (this.isComplete) return 0;
    this.drainedAtMs ??= atMs;
    const restDueUntilMs = Math.max(this.drainedAtMs, reply.newsAtMs) + this.pauseMs(reply);
    return Math.max(this.drainedAtMs + MORE_AUDIO_WITHIN_MS, this.moreUntilMs, this.audioDueUntilMs, restDueUntilMs) - atMs;
  }

  /** For how long the agent may pause in this reply: by how much of its text was not spoken. */
  private pauseMs(reply: AgentReply): number {
    if (!reply.hasAudio) return 0;
    if (!reply.hasText) return this.tellsText ? TEXT_AFTER_AUDIO_MS : 0;
    const { ofMs, leftMs } = reply.unspoken;
    return Math.min(MOST_PAUSE_MS, leftMs > ofMs / 2 ? leftMs * PATIENCE_FOR_MOST : leftMs);
  }

  /** Undefined where there is nothing to wait for. */
  private settlesInMs(reply: AgentReply, atMs: number): number | undefined {
    if (this.isComplete || this.usedTools || !reply.isWhole) return undefined;
    return Math.max(0, reply.newsAtMs + SETTLED_AFTER_MS - atMs);
  }
}
