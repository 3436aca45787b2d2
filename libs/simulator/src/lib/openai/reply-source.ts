/** A message of a chat request, its parts joined. */
export interface ReplyMessage {
  role: string;
  content: string;
}

/** A tool that the simulated model calls. */
export interface ToolRequest {
  name: string;
  arguments: object;
}

/** Where the simulated language model's words come from. */
export interface ReplySource {
  /** The reply to a whole conversation, in pieces of any size, as they are made. */
  reply(messages: readonly ReplyMessage[]): Iterable<string>;
  /** The calls after the words of that reply. Asked only if the client offers tools, whose names are `offered`. Left out: no calls. */
  toolCalls?(messages: readonly ReplyMessage[], offered: readonly string[]): readonly ToolRequest[];
}
