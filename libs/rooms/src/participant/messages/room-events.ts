import type { ConversationEvent } from '@parley/engine';
import { ROOM_TOPIC, type RoomServerMessage, ROUND_TRIP_ATTRIBUTE, type ServerMessage } from '@parley/protocol';
import type { OrderedSends } from './ordered-sends';
import { type AgentState, type RoomChannel, STATE_ATTRIBUTE } from './room-channel';
import type { Transcribed, Transcripts } from './transcripts';

export interface RoomEventsOptions {
  channel: RoomChannel;
  sends: OrderedSends;
  transcripts: Transcripts;
  /** Attributes wait for the server's answer, so they have an order of their own. */
  attributeSends: OrderedSends;
  toMessage: (event: ConversationEvent) => ServerMessage | undefined;
  /** Who has said the words of this turn. */
  authorOf: (turn: number) => Transcribed | undefined;
}

const STATES = {
  USER_SPEAKING: 'listening',
  AI_PROCESSING: 'thinking',
  AI_SPEAKING: 'speaking',
} as const satisfies Record<string, AgentState>;

/** Tells the people in a room what happens in the conversation: as messages, as text streams and as attributes of the assistant. */
export class RoomEvents {
  private state: AgentState | undefined;
  /** What the assistant does, whether it was told or not. */
  private latest: AgentState | undefined;
  private isSilent = false;

  constructor(private readonly options: RoomEventsOptions) {}

  /** While it is on, nothing is told. */
  silence(on: boolean): void {
    this.isSilent = on;
    if (!on && this.latest) this.setState(this.latest);
  }

  tell(event: ConversationEvent): void {
    if (event.type === 'state_changed' && event.phase !== 'IDLE') this.latest = STATES[event.phase];
    if (this.isSilent) return;
    const author = event.type === 'transcript' ? this.options.authorOf(event.turn) : undefined;
    this.sendMessage(event, author);
    this.transcribe(event, author);
    if (event.type === 'state_changed' && this.latest) this.setState(this.latest);
  }

  setState(state: AgentState): void {
    if (this.state === state) return;
    this.state = state;
    // A state that is no longer true when its turn comes is left out.
    this.options.attributeSends.add(async () => {
      if (this.state === state) await this.options.channel.setAttributes({ [STATE_ATTRIBUTE]: state });
    });
  }

  /** How long the way from this program to the media server and back takes, in ms. */
  setRoundTrip(ms: number): void {
    this.options.attributeSends.add(() => this.options.channel.setAttributes({ [ROUND_TRIP_ATTRIBUTE]: String(ms) }));
  }

  /** After the connection was made anew, the room knows nothing of the assistant's state. */
  tellStateAgain(): void {
    const { state } = this;
    this.state = undefined;
    if (state && !this.isSilent) this.setState(state);
  }

  private sendMessage(event: ConversationEvent, author: Transcribed | undefined): void {
    const { toMessage, channel, sends } = this.options;
    const plain = toMessage(event);
    if (plain === undefined) return;
    const message: RoomServerMessage = plain.type === 'transcript' && author ? { ...plain, identity: author.identity } : plain;
    const bytes = new TextEncoder().encode(JSON.stringify(message));
    sends.add(() => channel.publishData(bytes, { reliable: true, topic: ROOM_TOPIC }));
  }

  private transcribe(event: ConversationEvent, author: Transcribed | undefined): void {
    const { transcripts } = this.options;
    switch (event.type) {
      case 'transcript':
        return transcripts.heard(event, author);
      case 'reply_text':
        return transcripts.replied(event);
      case 'interrupted':
        return transcripts.settled(event.turn);
      case 'turn_measured':
        return transcripts.settled(event.turn, event.heardText);
      default:
        return undefined;
    }
  }
}
