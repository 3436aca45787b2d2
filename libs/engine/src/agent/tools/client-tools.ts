/** A call of one of this server's tools by the agent. */
export interface ToolCall {
  name: string;
  /** Written by the agent's model, so they may have any names and types. */
  parameters: Readonly<Record<string, unknown>>;
}

/** The result of a call, also of a failed one, in words for the agent. */
export interface ToolOutcome {
  result: string;
  isError: boolean;
}

/** What a tool can do to the conversation in which it was called. */
export interface ToolContext {
  /** Ends the conversation once the agent has finished speaking. */
  endConversation(): void;
}

/** The tools that agents may call. Shared by all conversations. */
export interface ClientTools {
  /** Never rejects. Aborting `signal` ends the call early, with an error as its outcome. */
  call(call: ToolCall, context: ToolContext, signal: AbortSignal): Promise<ToolOutcome>;
}

/** One tool. */
export interface ClientTool {
  /** The name in the agent's configuration at the vendor. */
  readonly name: string;
  /** Throws `ToolRefusal` for invalid parameters. */
  run(parameters: ToolCall['parameters'], context: ToolContext, signal: AbortSignal): string | Promise<string>;
}

/** A tool was called with invalid parameters. The message tells the agent what is wrong. */
export class ToolRefusal extends Error {
  override readonly name = 'ToolRefusal';
}
