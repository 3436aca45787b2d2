import type { ReplyMessage, ReplySource } from '../../openai/reply-source';
import { normalise, withoutCourtesies } from '../../skill-bot/normalise';
import { asksForTime } from '../../skill-bot/skills/clock';
import { saysGoodbye } from '../../skill-bot/skills/small-talk';
import type { AgentTool, SimulatedAgent } from './simulated-agent';
import type { ToolOutcome } from './tool-calls';

/** A tool to be used for the user's last message: `end_call` is used along with the answer, any other tool before it. */
export interface ToolUse {
  tool: AgentTool;
  parameters: object;
}

/** The agent's language model: it chooses tools by simple rules and takes its words from the simulated language model. */
export class AgentModel {
  readonly #messages: ReplyMessage[];
  #contexts = 0;

  constructor(
    private readonly replies: ReplySource,
    private readonly agent: Pick<SimulatedAgent, 'tools'>,
    prompt: string,
  ) {
    this.#messages = [{ role: 'system', content: prompt }];
  }

  /** Adds words of the user or the agent. Returns the message, whose content may be corrected later. */
  addMessage(role: 'user' | 'assistant', content: string): ReplyMessage {
    const message = { role, content };
    this.#messages.push(message);
    return message;
  }

  /** Adds context that nobody said, such as a contextual update of the client. */
  addContext(content: string): void {
    // It goes before the conversation, so that it is not taken for the last message.
    this.#contexts += 1;
    this.#messages.splice(this.#contexts, 0, { role: 'context', content });
  }

  /** True when the last message is the user's. */
  get hasUnansweredMessage(): boolean {
    return this.#messages.at(-1)?.role === 'user';
  }

  /** The tool that the user's last message asks for, if any. `available` tells whether a tool can be used in this conversation. */
  chooseTool(available: (tool: AgentTool) => boolean): ToolUse | undefined {
    const said = withoutCourtesies(normalise(this.#messages.findLast(({ role }) => role === 'user')?.content ?? ''));
    const tool = this.agent.tools.find((candidate) => available(candidate) && isAskedFor(candidate.name, said));
    return tool && { tool, parameters: tool.name === 'end_call' ? { reason: 'The user said goodbye.' } : {} };
  }

  /** The answer in words, as a language model streams them. */
  answer(): Iterable<string> {
    return this.replies.reply(this.#messages.filter(({ content }) => content !== ''));
  }

  /** The answer that follows from a tool's result, or from its failure. */
  answerWith(toolName: string, outcome: ToolOutcome): Iterable<string> {
    return words(outcomeText(toolName, outcome));
  }
}

/** A text in pieces, as a language model streams it. */
export function words(text: string): Iterable<string> {
  return text.trim().match(/\s*\S+/g) ?? [];
}

function isAskedFor(toolName: string, said: string): boolean {
  if (toolName === 'get_current_time') return asksForTime(said);
  if (toolName === 'end_call') return saysGoodbye(said);
  return said === `use ${spoken(toolName)}` || said === `use the ${spoken(toolName)}`;
}

function outcomeText(toolName: string, outcome: ToolOutcome): string {
  switch (outcome.kind) {
    case 'result':
      return `${toolName === 'get_current_time' ? 'The time is' : 'The answer is'} ${outcome.text.replace(/\.$/, '')}.`;
    case 'error':
      return `I am sorry, ${spoken(toolName)} did not work.`;
    default:
      return 'I am sorry, that took too long. Please try again.';
  }
}

function spoken(toolName: string): string {
  return normalise(toolName.replaceAll('_', ' '));
}
