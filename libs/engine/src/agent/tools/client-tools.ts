/** What an agent asks of this server in the middle of a conversation. */
export interface ToolCall {
  name: string;
  /** As the agent's model made them: nothing about them is certain. */
  parameters: Readonly<Record<string, unknown>>;
}

/** Always an answer, in words for the agent. */
export interface ToolOutcome {
  result: string;
  isError: boolean;
}

/** What a tool may do to the conversation that it was called in. */
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
  /** As the agent knows it: part of the agent's configuration at the vendor. */
  readonly name: string;
  /** Throws `ToolRefusal` for parameters that make no sense. */
  run(parameters: ToolCall['parameters'], context: ToolContext, signal: AbortSignal): string | Promise<string>;
}

/** A tool was used wrongly; the message says how, to the agent. */
export class ToolRefusal extends Error {
  override readonly name = 'ToolRefusal';
}
