import type { EndReason } from '@parley/conversation';
import type {
  Audience,
  AudioOutput,
  Connection,
  ConversationEvent,
  ConversationEventOf,
  ConversationOptions,
  OutgoingSpeech,
} from '../ports';

/** A listener that keeps all events and all speech of a conversation. */
export class RecordingSink implements AudioOutput {
  readonly events: ConversationEvent[] = [];
  readonly speech: OutgoingSpeech[] = [];
  /** The turns whose speech was cleared. */
  readonly clears: number[] = [];
  readonly ducks: { turn: number; on: boolean }[] = [];
  readonly pauses: { turn: number; on: boolean }[] = [];
  /** Short descriptions of everything in order of arrival: the types of events, and the turns of speech. */
  readonly log: string[] = [];
  maxLeadMs = 10_000;
  canPause = true;
  /** The people who share the conversation, if there are several. */
  audience: Audience | undefined;

  /** The connection for an engine, which ends in this sink. */
  connection(options: Partial<ConversationOptions> = {}): Connection {
    return {
      options: { conversationId: 'conversation-1', ...options },
      output: this,
      ...(this.audience && { audience: this.audience }),
      emit: (event) => this.emit(event),
    };
  }

  emit(event: ConversationEvent): void {
    this.events.push(event);
    if (event.type === 'state_changed') this.log.push(`state ${event.phase} ${event.turn}`);
    else this.log.push(event.type === 'ended' ? `ended ${event.reason}` : event.type);
  }

  play(speech: OutgoingSpeech): void {
    this.speech.push(speech);
    this.log.push(speech.last ? `speech ${speech.turn} last` : `speech ${speech.turn}`);
  }

  clear(turn: number): void {
    this.clears.push(turn);
    this.log.push(`clear ${turn}`);
  }

  duck(turn: number, on: boolean): void {
    this.ducks.push({ turn, on });
    this.log.push('duck');
  }

  pause(turn: number, on: boolean): void {
    this.pauses.push({ turn, on });
    this.log.push('pause');
  }

  of<Type extends ConversationEvent['type']>(type: Type): ConversationEventOf<Type>[] {
    return this.events.filter((event): event is ConversationEventOf<Type> => event.type === type);
  }

  /** The latest state. */
  get state(): string | undefined {
    return this.of('state_changed').at(-1)?.phase;
  }

  /** The reasons of all `ended` events. There must be only one. */
  get endings(): EndReason[] {
    return this.of('ended').map(({ reason }) => reason);
  }

  speechOf(turn: number): OutgoingSpeech[] {
    return this.speech.filter((speech) => speech.turn === turn);
  }

  /** The duration of a turn's speech, in ms. */
  speechMsOf(turn: number): number {
    return this.speechOf(turn).reduce((ms, { pcm }) => ms + pcm.length / 24, 0);
  }
}
