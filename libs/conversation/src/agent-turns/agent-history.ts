import { labelled, type PastConversation } from '../memory/memory';

interface Line {
  readonly speaker: 'User' | 'You';
  /** The name of the user who spoke, where several people share the conversation. */
  readonly name?: string;
  readonly turn: number;
  readonly text: string;
}

const MAX_LINES = 60;
/** The longest history, in characters, that a new connection is given. */
const MAX_CHARACTERS = 4_000;
const MAX_LINE_CHARACTERS = 1_000;

/**
 * What was said in one conversation, to be handed to a new connection, because the agent forgets everything with the old one. The length
 * is bounded and the oldest messages are dropped first. The class is immutable: every change returns a new instance.
 */
export class AgentHistory {
  static readonly EMPTY = new AgentHistory([], undefined, []);

  private constructor(
    private readonly lines: readonly Line[],
    private readonly first: Line | undefined,
    /** Notes on what was said before that, in a conversation that was continued. */
    private readonly earlier: readonly string[],
  ) {}

  /** What was said before the conversation was continued. Its lines belong to no turn of this one. */
  static of({ messages, earlier }: PastConversation): AgentHistory {
    const said = messages.filter(({ role }) => role !== 'system');
    const lines = said.map(({ role, content }, index): Line => ({
      speaker: role === 'user' ? 'User' : 'You',
      turn: index - said.length,
      text: content,
    }));
    return new AgentHistory(lines.slice(-MAX_LINES), lines[0], earlier);
  }

  /** What was said, oldest first, for a conversation that continues this one. The greeting stays the first line. */
  get past(): Pick<PastConversation, 'messages' | 'earlier'> {
    const isGreetingGone = this.first?.speaker === 'You' && !this.lines.includes(this.first);
    const lines = isGreetingGone && this.first ? [this.first, ...this.lines] : this.lines;
    const messages = lines.map(({ speaker, name, text }) => ({
      role: speaker === 'User' ? ('user' as const) : ('assistant' as const),
      content: labelled(text, name),
    }));
    return { messages, earlier: this.earlier };
  }

  /** What the agent said before the user had said anything. */
  get greeting(): string | undefined {
    return this.first?.speaker === 'You' ? this.first.text : undefined;
  }

  userSaid(turn: number, text: string): AgentHistory {
    return this.with({ speaker: 'User', turn, text });
  }

  /** Adds the name of whoever has said the user’s words of a turn. */
  saidBy(turn: number, name: string): AgentHistory {
    return this.withLines(this.lines.map((line) => (line.speaker === 'User' && line.turn === turn ? { ...line, name } : line)));
  }

  /** Sets the agent’s words of a turn, replacing those known before. */
  agentSaid(turn: number, text: string): AgentHistory {
    const line: Line = { speaker: 'You', turn, text };
    const known = this.lines.findIndex((other) => other.speaker === 'You' && other.turn === turn);
    return known < 0 ? this.with(line) : this.withLines(this.lines.with(known, line));
  }

  /** Removes the agent’s words of a turn. */
  forgetReply(turn: number): AgentHistory {
    return this.withLines(this.lines.filter((line) => line.speaker !== 'You' || line.turn !== turn));
  }

  /** The history for a new connection. Undefined when nothing was said except `unanswered`, the user’s last words, which are sent again. */
  handover(unanswered: string | undefined): string | undefined {
    const last = this.lines.at(-1);
    const isSaidAgain = last?.speaker === 'User' && last.text === unanswered;
    const told: string[] = [];
    let characters = 0;
    for (const { speaker, name = speaker, text } of (isSaidAgain ? this.lines.slice(0, -1) : this.lines).toReversed()) {
      const line = `${name}: ${text.slice(0, MAX_LINE_CHARACTERS)}`;
      characters += line.length + 1;
      if (characters > MAX_CHARACTERS) break;
      told.unshift(line);
    }
    if (this.earlier.length > 0) told.unshift(`Earlier: ${this.earlier.join('; ')}`);
    if (told.length === 0) return undefined;
    return ['The connection was interrupted. Go on with the conversation; do not greet again. What was said so far:', ...told].join('\n');
  }

  private with(line: Line): AgentHistory {
    return new AgentHistory([...this.lines, line].slice(-MAX_LINES), this.first ?? line, this.earlier);
  }

  private withLines(lines: readonly Line[]): AgentHistory {
    return new AgentHistory(lines, this.first, this.earlier);
  }
}
