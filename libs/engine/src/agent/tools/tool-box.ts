import type { EngineLogger } from '../../ports';
import { describeError } from '../../ports/describe-error';
import { type ClientTool, type ClientTools, type ToolCall, type ToolContext, type ToolOutcome, ToolRefusal } from './client-tools';

/** A tool that takes longer is aborted. This is less than the time that the vendor waits. */
const MAX_RUN_MS = 5_000;
const MAX_RESULT_CHARACTERS = 2_000;

const refused = (result: string): ToolOutcome => ({ result, isError: true });

/** A fixed set of tools. Each call is limited in time and in the length of its result. */
export class ToolBox implements ClientTools {
  private readonly tools: ReadonlyMap<string, ClientTool>;

  constructor(
    tools: readonly ClientTool[],
    private readonly logger: EngineLogger,
  ) {
    this.tools = new Map(tools.map((tool) => [tool.name, tool]));
  }

  async call({ name, parameters }: ToolCall, context: ToolContext, signal: AbortSignal): Promise<ToolOutcome> {
    const tool = this.tools.get(name);
    if (!tool) return refused(`There is no such tool. There are: ${[...this.tools.keys()].join(', ')}.`);
    const stop = new AbortController();
    const limit = setTimeout(() => stop.abort(), MAX_RUN_MS);
    const giveUp = (): void => stop.abort();
    signal.addEventListener('abort', giveUp, { once: true });
    if (signal.aborted) giveUp();
    try {
      const result = await Promise.race([this.run(tool, parameters, context, stop.signal), aborted(stop.signal)]);
      return typeof result === 'string' ? { result: result.slice(0, MAX_RESULT_CHARACTERS), isError: false } : result;
    } finally {
      clearTimeout(limit);
      signal.removeEventListener('abort', giveUp);
      // Removes the abort listener, and stops the tool if it is still running.
      stop.abort();
    }
  }

  private async run(
    tool: ClientTool,
    parameters: ToolCall['parameters'],
    context: ToolContext,
    signal: AbortSignal,
  ): Promise<string | ToolOutcome> {
    try {
      return await tool.run(parameters, context, signal);
    } catch (error) {
      if (error instanceof ToolRefusal) return refused(error.message.slice(0, MAX_RESULT_CHARACTERS));
      if (!signal.aborted) this.logger.error('a tool failed', { tool: tool.name, error: describeError(error) });
      return refused('The tool failed.');
    }
  }
}

const aborted = (signal: AbortSignal): Promise<ToolOutcome> =>
  new Promise((resolve) => {
    const settle = (): void => resolve(refused('The tool took too long.'));
    if (signal.aborted) settle();
    else signal.addEventListener('abort', settle, { once: true });
  });
