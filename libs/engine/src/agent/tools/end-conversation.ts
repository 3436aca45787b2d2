import type { ClientTool, ToolContext } from './client-tools';

/** Lets the agent hang up, after what it is saying. For agents without the vendor's own `end_call`. No parameters. */
export class EndConversation implements ClientTool {
  readonly name = 'end_conversation';

  run(_parameters: Readonly<Record<string, unknown>>, context: ToolContext): string {
    context.endConversation();
    return 'The conversation ends when you have finished speaking.';
  }
}
