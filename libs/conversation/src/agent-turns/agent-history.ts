interface Line {
  readonly speaker: 'User' | 'You';
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
  static readonly EMPTY = new AgentHistory([], undefined);

  private constructor(
    private readonly lines: readonly Line[],
    private readonly first: Line | undefined,
  ) {}

  /** What the agent said before the user had said anything. */
  get greeting(): string | undefined {
    return this.first?.speaker === 'You' ? this.first.text : undefined;
  }

  userSaid(turn: number, text: string): AgentHistory {
    return this.with({ speaker: 'User', turn, text });
  }

  /** Sets the agent’s words of a turn, replacing those known before. */
  agentSaid(turn: number, text: string): AgentHistory {
    const line: Line = { speaker: 'You', turn, text };
    const known = this.lines.findIndex((other) => other.speaker === 'You' && other.turn === turn);
    return known < 0 ? this.with(line) : new AgentHistory(this.lines.with(known, line), this.first);
  }

  /** Removes the agent’s words of a turn. */
  forgetReply(turn: number): AgentHistory {
    return new AgentHistory(
      this.lines.filter((line) => line.speaker !== 'You' || line.turn !== turn),
      this.first,
    );
  }

  /** The history for a new connection. Undefined when nothing was said except `unanswered`, the user’s last words, which are sent again. */
  handover(unanswered: string | undefined): string | undefined {
    const last = this.lines.at(-1);
    const isSaidAgain = last?.speaker === 'User' && last.text === unanswered;
    const told: string[] = [];
    let characters = 0;
    for (const { speaker, text } of (isSaidAgain ? this.lines.slice(0, -1) : this.lines).toReversed()) {
      const line = `${speaker}: ${text.slice(0, MAX_LINE_CHARACTERS)}`;
      characters += line.length + 1;
      if (characters > MAX_CHARACTERS) break;
      told.unshift(line);
    }
    if (told.length === 0) return undefined;
    return ['The connection was interrupted. Go on with the conversation; do not greet again. What was said so far:', ...told].join('\n');
  }

  private with(line: Line): AgentHistory {
    return new AgentHistory([...this.lines, line].slice(-MAX_LINES), this.first ?? line);
  }
}
