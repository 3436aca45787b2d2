/** A message of a chat request, its parts joined. */
export interface ReplyMessage {
  role: string;
  content: string;
}

/** Where the simulated language model's words come from. */
export interface ReplySource {
  /** The reply to a whole conversation, in pieces of any size, as they are made. */
  reply(messages: readonly ReplyMessage[]): Iterable<string>;
}
