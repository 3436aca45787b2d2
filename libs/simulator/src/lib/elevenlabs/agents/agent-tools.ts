import { randomId } from '../../random';
import { sleep } from '../../server/sleep';
import type { AgentDeps } from './agent-deps';
import type { AgentEvents } from './agent-events';
import { toolCallFrame, toolResponseFrame } from './agent-frames';
import type { ToolUse } from './agent-model';
import type { AgentReply } from './agent-reply';
import type { AgentTool } from './simulated-agent';
import { ToolCalls, type ToolOutcome } from './tool-calls';

/** The tools of one conversation. */
export class AgentTools {
  readonly #calls = new ToolCalls();

  constructor(
    private readonly events: AgentEvents,
    private readonly deps: Pick<AgentDeps, 'delay' | 'random' | 'tally'>,
    private readonly timeoutMs: number,
  ) {}

  /** Client tools can be used only if the client subscribed to `client_tool_call`. */
  canUse({ type }: AgentTool): boolean {
    return type === 'system' || this.events.has('client_tool_call');
  }

  /** Asks the client to use a tool and waits for the result, at most for the agent's time-out. */
  async use(reply: AgentReply, decision: ToolUse): Promise<ToolOutcome> {
    if (!(await sleep(this.deps.delay('llmFirstTokenMs'), reply.signal))) return { kind: 'gone' };
    return this.#calls.wait(this.call(reply, decision), this.timeoutMs, reply.signal);
  }

  /** Calls a tool whose result does not matter; returns the call's id. */
  call(reply: AgentReply, { tool, parameters }: ToolUse): string {
    const id = `tool_${randomId(this.deps.random, 20)}`;
    const eventId = this.events.nextId();
    this.deps.tally.toolCalls += 1;
    this.events.send(
      tool.type === 'client' ? toolCallFrame(eventId, tool.name, id, parameters) : toolResponseFrame(eventId, tool.name, id),
      reply.scope,
    );
    return id;
  }

  /** Takes a client's result. A result that no call waits for is ignored. */
  settle(id: string, result: string, isError: boolean): void {
    this.deps.tally.toolResults += 1;
    this.#calls.settle(id, result, isError);
  }
}
