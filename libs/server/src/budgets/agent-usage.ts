import type { Conversation, ConversationEvent, ConversationMemory, PlaybackReport } from '@parley/engine';
import type { EndReason } from '@parley/conversation';
import type { ConversationBudget } from './conversation-budget';

const SAMPLES_PER_MS = 16;
/** The budget is told of so much audio at once, because frames are short and many. */
const COUNTED_MS = 500;

/**
 * What a vendor's agent is used for, as far as it can be known from outside: all audio of the microphone, one request to a model for each
 * turn of the user, and all text that it says.
 */
export class AgentUsage {
  private samples = 0;
  private lastTurn = 0;

  constructor(private readonly budget: ConversationBudget) {}

  /** The turn of the user that this event begins. The agent may also speak unasked, which is none. */
  readonly turnBegunBy = (event: ConversationEvent): number | undefined =>
    event.type === 'transcript' && event.isFinal && event.text !== '' ? event.turn : undefined;

  readonly note = (event: ConversationEvent): void => {
    if (event.type === 'reply_text' && event.text !== '') this.budget.spend('voice_characters', event.text.length);
    if (event.type === 'ended') this.countAudio();
    const turn = this.turnBegunBy(event);
    if (turn === undefined || turn <= this.lastTurn) return;
    this.lastTurn = turn;
    this.budget.spend('model_requests', 1);
  };

  /** The conversation, with its audio counted. */
  of(conversation: Conversation): Conversation {
    return new MeteredConversation(conversation, this);
  }

  /** Whether the audio may be given to the agent. */
  hear(samples: number): boolean {
    if (!this.budget.allows('recognition_ms')) return false;
    this.samples += samples;
    if (this.samples >= COUNTED_MS * SAMPLES_PER_MS) this.countAudio();
    return true;
  }

  private countAudio(): void {
    const ms = Math.floor(this.samples / SAMPLES_PER_MS);
    this.samples -= ms * SAMPLES_PER_MS;
    if (ms > 0) this.budget.spend('recognition_ms', ms);
  }
}

class MeteredConversation implements Conversation {
  constructor(
    private readonly conversation: Conversation,
    private readonly usage: AgentUsage,
  ) {}

  get isInTurn(): boolean {
    return this.conversation.isInTurn;
  }

  pushAudio(pcm: Int16Array): void {
    if (this.usage.hear(pcm.length)) this.conversation.pushAudio(pcm);
  }

  pushText(text: string): void {
    this.conversation.pushText(text);
  }

  interrupt(): void {
    this.conversation.interrupt();
  }

  reportPlayback(report: PlaybackReport): void {
    this.conversation.reportPlayback(report);
  }

  memory(): ConversationMemory {
    return this.conversation.memory();
  }

  end(reason: EndReason): void {
    this.conversation.end(reason);
  }
}
