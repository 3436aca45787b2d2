import type { EndReason, ServerMessage } from '@parley/protocol';
import type { ConversationSink, OutgoingSpeech } from '../engines/session/conversation-engine';

type MessageOf<Type extends ServerMessage['type']> = Extract<ServerMessage, { type: Type }>;

/** A client that keeps everything. */
export class RecordingSink implements ConversationSink {
  readonly messages: ServerMessage[] = [];
  readonly speech: OutgoingSpeech[] = [];
  readonly endings: EndReason[] = [];
  /** Everything in the order in which it came, in short: messages by type, speech by turn. */
  readonly log: string[] = [];

  send(message: ServerMessage): void {
    this.messages.push(message);
    this.log.push(message.type === 'state' ? `state ${message.state} ${message.turn}` : message.type);
  }

  sendSpeech(speech: OutgoingSpeech): void {
    this.speech.push(speech);
    this.log.push(speech.last ? `speech ${speech.turn} last` : `speech ${speech.turn}`);
  }

  ended(reason: EndReason): void {
    this.endings.push(reason);
    this.log.push(`ended ${reason}`);
  }

  of<Type extends ServerMessage['type']>(type: Type): MessageOf<Type>[] {
    return this.messages.filter((message): message is MessageOf<Type> => message.type === type);
  }

  /** The state the client has been told of last. */
  get state(): string | undefined {
    return this.of('state').at(-1)?.state;
  }

  speechOf(turn: number): OutgoingSpeech[] {
    return this.speech.filter((speech) => speech.turn === turn);
  }

  /** Milliseconds of a turn's speech. */
  speechMsOf(turn: number): number {
    return this.speechOf(turn).reduce((ms, { pcm }) => ms + pcm.length / 24, 0);
  }
}
