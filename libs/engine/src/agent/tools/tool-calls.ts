import type { VoiceAgentToolResult } from '@parley/providers';
import type { ClientTools, ToolCall } from './client-tools';

export interface ToolCallsPorts {
  started(name: string): void;
  /** Not called for a call that was given up. */
  answered(result: VoiceAgentToolResult): void;
  /** Called after `answered`, if that is called at all. */
  ended(name: string): void;
  /** The agent has asked to end the conversation. Called last, so that the agent still gets its result and can say goodbye. */
  hangUp(): void;
}

/** How many calls one agent may have running at the same time. */
const MAX_RUNNING = 4;

/** The running tool calls of one conversation. Its owner calls `giveUp` at the end. */
export class ToolCalls {
  private running = 0;
  /** Aborted when the results of the running calls are no longer needed. */
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

  /** The connection on which the calls arrived was lost, so nobody needs their results. */
  giveUp(): void {
    this.wanted.abort();
    this.wanted = new AbortController();
  }
}
