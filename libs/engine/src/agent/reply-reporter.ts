import type { AgentReply } from './agent-reply';
import type { AgentTurnsPorts } from './agent-turns-ports';

/** What the client, and the conversation's memory, are told of the agent's replies. */
export class ReplyReporter {
  /** The reply that a correction is about. */
  private corrigible: AgentReply | undefined;

  constructor(private readonly ports: Pick<AgentTurnsPorts, 'emit' | 'history' | 'now'>) {}

  /** The agent speaks this reply now. */
  begun(reply: AgentReply): void {
    this.corrigible = reply;
  }

  /** A piece of its text. */
  part(reply: AgentReply, text: string): void {
    reply.addPart(text, this.ports.now());
    this.ports.emit({ type: 'reply_text', turn: reply.turn, text });
  }

  /** A whole text of it. */
  whole(reply: AgentReply, text: string): void {
    const added = reply.addText(text, this.ports.now());
    this.ports.history.agentSaid(reply.turn, reply.text);
    this.ports.emit({ type: 'reply_text', turn: reply.turn, text: added, final: { fullText: reply.text } });
  }

  /** No more text of it comes: the agent may never have given the whole of what came in pieces. */
  textEnded(reply: AgentReply): void {
    if (!reply.confirmParts()) return;
    this.ports.history.agentSaid(reply.turn, reply.text);
    this.ports.emit({ type: 'reply_text', turn: reply.turn, text: '', final: { fullText: reply.text } });
  }

  /** No more of it comes at all: of what was written, only that counts which was spoken. */
  cutShort(reply: AgentReply): void {
    this.textEnded(reply);
    const spoken = reply.cutShort();
    if (reply.isCutShort) this.ports.history.agentSaid(reply.turn, `${spoken}…`);
  }

  /** It was stopped here: what the agent will take to have been heard of it was not. */
  stopped(): void {
    this.corrigible = undefined;
  }

  /** It was cut off behind these words, until the agent corrects that, if it does. */
  cut({ turn, textSoFar }: AgentReply, heard: string | undefined): void {
    if (textSoFar !== '') this.ports.history.agentSaid(turn, `${heard ?? ''}…`);
  }

  /** What the agent takes to have been heard of the reply that was stopped last. */
  corrected(original: string, text: string): void {
    const reply = this.corrigible;
    if (!reply?.correct(original, text)) return;
    this.ports.history.agentSaid(reply.turn, reply.text);
    this.ports.emit({ type: 'reply_text', turn: reply.turn, text: '', final: { fullText: reply.text } });
  }

  /** How long it took, and what was heard of it. */
  metrics(reply: AgentReply, heard: string | undefined): void {
    const measured = reply.measured(heard);
    if (measured) this.ports.emit(measured);
  }
}
