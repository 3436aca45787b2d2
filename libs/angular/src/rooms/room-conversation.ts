import type { RoomChat, RoomMember } from '@parley/client/rooms';
import type { RoomServerMessage, RoomTranscript } from '@parley/protocol';
import { Transcript } from '../session/transcript';
import { TurnLatencies } from '../session/turn-latencies';
import type { TranscriptSpeaker } from '../ui/transcript-list';

/** A chat message and the assistant's transcript of it come on different ways, the one at most so long after the other. */
const SAME_WITHIN_MS = 10_000;
const ANOTHER_ASSISTANT = 'Another assistant took over from here.';

/** What was said and written in a room, and how fast it was answered. */
export class RoomConversation {
  readonly transcript = new Transcript();
  readonly latencies = new TurnLatencies();
  /** The latest turn of the assistant whose messages are shown. */
  private lastTurn = 0;
  private assistant: TranscriptSpeaker | undefined;
  /** The assistant is another one than before, of which nothing was heard yet. */
  private isNewAssistant = false;
  /** Transcripts of which no chat message has come: most were spoken, and the others' chat messages are on their way. */
  private transcribed: { identity: string; text: string; atMs: number }[] = [];

  /** Whoever is in the room now. */
  seated(members: readonly RoomMember[]): void {
    const assistant = members.find(({ kind }) => kind === 'assistant');
    if (!assistant || assistant.identity === this.assistant?.identity) return;
    this.isNewAssistant = this.assistant !== undefined;
    this.assistant = speakerOf(assistant);
  }

  /** Takes one message of the assistant. */
  apply(message: RoomServerMessage, members: readonly RoomMember[]): void {
    if (message.type === 'transcript' || message.type === 'text_response') this.turned(message.turn);
    switch (message.type) {
      case 'transcript':
        this.heard(message, members);
        break;
      case 'text_response':
        this.transcript.replied(message.turn, message.text, message.is_final, message.full_text, this.assistant);
        break;
      case 'interruption':
        this.transcript.stopped(message.turn, message.reason === 'speech');
        break;
      case 'turn_metrics':
        this.latencies.marked(message, 'pipeline');
        if (message.heard_text !== undefined) this.transcript.heardOf(message.turn, message.heard_text);
        break;
      case 'conversation_ended':
        this.transcript.settle();
        break;
      default:
        break;
    }
  }

  /** Somebody wrote. False: that is shown already, as the assistant's transcript of it was faster. */
  chat({ identity, name, isMe, text }: RoomChat, nowMs: number): boolean {
    const known = this.transcribed.findIndex(
      (said) => said.identity === identity && said.text === text && nowMs - said.atMs < SAME_WITHIN_MS,
    );
    if (known >= 0) {
      this.transcribed.splice(known, 1);
      return false;
    }
    this.transcript.typed(text, { identity, name, isMe });
    return true;
  }

  /** The stay in the room is over. */
  settle(): void {
    this.transcript.settle();
    this.transcribed = [];
  }

  /** Another stay begins below. */
  divide(text: string): void {
    this.transcript.divide(text);
    this.latencies.divide();
    this.lastTurn = 0;
    this.assistant = undefined;
    this.isNewAssistant = false;
    this.transcribed = [];
  }

  /** An assistant that goes on with the turn numbers adds to what is there. One that uses them again must not overwrite it. */
  private turned(turn: number): void {
    if (this.isNewAssistant && turn <= this.lastTurn) {
      this.transcript.divide(ANOTHER_ASSISTANT);
      this.latencies.divide();
      this.lastTurn = 0;
    }
    this.isNewAssistant = false;
    this.lastTurn = Math.max(this.lastTurn, turn);
  }

  private heard({ turn, text, is_final: isFinal, identity }: RoomTranscript, members: readonly RoomMember[]): void {
    const member = members.find((other) => other.identity === identity);
    // Somebody who has left in the middle of a sentence is known by the identity alone.
    const speaker = member ? speakerOf(member) : identity === undefined ? undefined : { identity, name: identity, isMe: false };
    const isShown = this.transcript
      .entries()
      .some((entry) => entry.kind === 'line' && entry.turn === undefined && entry.text === text && entry.speaker?.identity === identity);
    this.transcript.heard(turn, text, isFinal, speaker);
    if (!isFinal || identity === undefined || isShown) return;
    const nowMs = performance.now();
    this.transcribed = this.transcribed.filter(({ atMs }) => nowMs - atMs < SAME_WITHIN_MS);
    this.transcribed.push({ identity, text, atMs: nowMs });
  }
}

const speakerOf = ({ identity, name, isMe }: RoomMember): TranscriptSpeaker => ({ identity, name, isMe });
