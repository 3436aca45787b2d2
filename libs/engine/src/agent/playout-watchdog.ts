import type { Phase } from '@parley/conversation';
import type { AgentReply } from './agent-reply';
import { MORE_AFTER_TOOL_MS, type SpeechEnd } from './speech-end';

/** Whose phase is watched, and who is told of its end. */
export interface PlayoutWatchdogPorts {
  /** What is going on now. */
  current(): { phase: Phase; reply: AgentReply | undefined };
  /** All of the reply's audio has come. */
  settled(reply: AgentReply): void;
  /** The reply was heard to its end, or nobody waits for it any more. */
  heard(): void;
  /** No answer has come in time. `wasExpected`: one had to. */
  unanswered(wasExpected: boolean): void;
  now(): number;
}

const SHORTEST_WAIT_MS = 20;

/** When a phase in which the agent has the turn is over, by time: an answer is owed for so long only, and nobody tells when speech has ended. One timer at most. */
export class PlayoutWatchdog {
  private isSuspended = false;
  private isFarewell = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly speechEnd: SpeechEnd,
    private readonly stallTimeoutMs: number,
    private readonly ports: PlayoutWatchdogPorts,
  ) {}

  /** There is no connection (`true`): an answer cannot come, and is waited for. */
  suspend(suspended: boolean): void {
    this.isSuspended = suspended;
  }

  /** The agent may say some last words; it need not. */
  sayGoodbye(): void {
    this.isFarewell = true;
  }

  /** Checks whether the phase is over, and else when to check again. To be called when anything has happened that decides it. */
  check(): void {
    clearTimeout(this.timer);
    const { phase, reply } = this.ports.current();
    const isSpeaking = phase === 'AI_SPEAKING';
    const againMs = reply && (isSpeaking ? this.speechLeftMs(reply) : this.patienceLeftMs(reply));
    if (againMs === undefined) return;
    if (againMs > 0) this.timer = setTimeout(() => this.check(), Math.max(SHORTEST_WAIT_MS, againMs));
    else if (isSpeaking) this.ports.heard();
    else this.ports.unanswered(!this.isFarewell);
  }

  /** Idempotent. */
  stop(): void {
    clearTimeout(this.timer);
  }

  private patienceLeftMs(reply: AgentReply): number | undefined {
    if (this.isSuspended) return undefined;
    return reply.newsAtMs + (this.isFarewell ? MORE_AFTER_TOOL_MS : this.stallTimeoutMs) - this.ports.now();
  }

  private speechLeftMs(reply: AgentReply): number | undefined {
    // What was only written of an answer is given again when the connection is there again.
    const isGivenAgain = !reply.hasAudio && reply.userText !== undefined && !this.speechEnd.isComplete;
    if (this.isSuspended && isGivenAgain) return undefined;
    const atMs = this.ports.now();
    if (this.speechEnd.isSettled(reply, atMs)) this.ports.settled(reply);
    return this.speechEnd.leftMs(reply, atMs);
  }
}
