import { type Participant, type Room, RoomEvent, type TextStreamReader } from '@livekit/rtc-node';
import { ROOM_TOPIC, type RoomServerMessage } from '@parley/protocol';

/** A text stream: it grows while it is received. */
export interface ReceivedText {
  readonly topic: string;
  readonly from: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** When it began (`performance.now()`). */
  readonly atMs: number;
  text: string;
  isComplete: boolean;
}

export interface ReceivedMessage {
  readonly from: string;
  readonly message: RoomServerMessage;
  readonly atMs: number;
}

export interface ReceivedAttributes {
  readonly of: string;
  readonly changed: Readonly<Record<string, string>>;
  readonly atMs: number;
}

const TEXT_TOPICS = ['lk.transcription', 'lk.chat'];
const STATE_ATTRIBUTE = 'lk.agent.state';

/** Everything but sound that a participant receives in a room, in order. */
export class RoomInbox {
  readonly texts: ReceivedText[] = [];
  readonly messages: ReceivedMessage[] = [];
  readonly attributes: ReceivedAttributes[] = [];

  constructor(room: Room) {
    for (const topic of TEXT_TOPICS) {
      room.registerTextStreamHandler(topic, (reader, { identity }) => void this.readText(topic, reader, identity));
    }
    room.on(RoomEvent.DataReceived, (payload, from, _kind, topic) => {
      if (topic === ROOM_TOPIC && from) this.addMessage(payload, from);
    });
    // Attributes that somebody already has when joining are announced by no event of their own.
    room.on(RoomEvent.ParticipantConnected, (participant) => this.addAttributes(participant.attributes, participant));
    room.on(RoomEvent.ParticipantAttributesChanged, (changed, participant) => this.addAttributes(changed, participant));
  }

  /** What was transcribed, of everybody: the last text of each segment. */
  transcripts(): ReceivedText[] {
    const latest = new Map<string, ReceivedText>();
    for (const text of this.texts) {
      if (text.topic === 'lk.transcription') latest.set(text.attributes['lk.segment_id'] ?? String(latest.size), text);
    }
    return [...latest.values()];
  }

  /** The states of assistants, in order. */
  states(): { of: string; state: string; atMs: number }[] {
    return this.attributes.flatMap(({ of, changed, atMs }) => {
      const state = changed[STATE_ATTRIBUTE];
      return state === undefined ? [] : [{ of, state, atMs }];
    });
  }

  private async readText(topic: string, reader: TextStreamReader, from: string): Promise<void> {
    const received: ReceivedText = {
      topic,
      from,
      attributes: reader.info.attributes ?? {},
      atMs: performance.now(),
      text: '',
      isComplete: false,
    };
    this.texts.push(received);
    try {
      for await (const part of reader) received.text += part;
      received.isComplete = true;
    } catch {
      // The sender left in the middle: what has come so far stays, and stays incomplete.
    }
  }

  private addMessage(payload: Uint8Array, from: Participant): void {
    const message = JSON.parse(new TextDecoder().decode(payload)) as RoomServerMessage;
    this.messages.push({ from: from.identity, message, atMs: performance.now() });
  }

  private addAttributes(changed: Record<string, string>, of: Participant): void {
    this.attributes.push({ of: of.identity, changed: { ...changed }, atMs: performance.now() });
  }
}
