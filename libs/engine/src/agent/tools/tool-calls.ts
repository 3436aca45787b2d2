import type { VoiceAgentToolResult } from '@parley/providers';
import type { ClientTools, ToolCall } from './client-tools';

export interface ToolCallsPorts {
  started(name: string): void;
  /** Not told of a call that was given up. */
  answered(result: VoiceAgentToolResult): void;
  /** After the answer, if there was one. */
  ended(name: string): void;
  /** The agent has asked for the end, behind its last words. After all else, so that it can say them. */
  hangUp(): void;
}

/** Calls that one agent may have running. */
const MAX_RUNNING = 4;

/** The tools that one conversation's agent has asked for. Given up by its owner. */
export class ToolCalls {
  private running = 0;
  /** Aborted when nobody waits any more for what runs now. */
  private wanted = new AbortController();

  constructor(
    private readonly tools: ClientTools,
    private readonly ports: ToolCallsPorts,
  ) {}

  /** Never rejects. */
  async use(callId: string, call: ToolCall): Promise<void> {
    const { ports } = this;
    if (this.running >= MAX_RUNNING) return ports.answered({ callId, result: 'Too many tools are running.', isError: true });
    this.running += 1;
    ports.started(call.name);
    let isLast = false;
    const context = { endConversation: () => void (isLast = true) };
    const { signal } = this.wanted;
    const outcome = await this.tools.call(call, context, signal);
    this.running -= 1;
    if (!signal.aborted) ports.answered({ callId, ...outcome });
    ports.ended(call.name);
    if (isLast) ports.hangUp();
  }

  /** The connection that the calls came on is gone: the results are nobody's. */
  giveUp(): void {
    this.wanted.abort();
    this.wanted = new AbortController();
  }
}
