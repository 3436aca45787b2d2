import { setTimeout as sleep } from 'node:timers/promises';
import { type Participant, type RemoteParticipant, type Room, RoomEvent, type TextStreamReader } from '@livekit/rtc-node';
import { describeError, type EngineLogger } from '@parley/engine';
import { ROOM_TOPIC, type RoomClientMessage } from '@parley/protocol';
import { isPerson } from '../people/is-person';
import { MAX_MESSAGE_BYTES, parseChat, parseRoomMessage } from './client-messages';
import { RateLimit } from './rate-limit';
import { CHAT_TOPIC } from './room-channel';

export interface RoomInboxOptions {
  room: Room;
  now: () => number;
  /** Somebody has sent this. */
  onMessage: (message: RoomClientMessage, identity: string) => void;
  logger: EngineLogger;
}

const NEWS_WITHIN_MS = 1_000;
const LIMIT = { burst: 10, perSecond: 2 };

/** Receives what people write to the assistant, by chat or as messages. What makes no sense, and what is too much, is passed over. */
export class RoomInbox {
  private readonly limit: RateLimit;

  constructor(private readonly options: RoomInboxOptions) {
    const { room, now } = options;
    this.limit = new RateLimit({ ...LIMIT, now });
    room.registerTextStreamHandler(CHAT_TOPIC, (reader, { identity }) => void this.readChat(reader, identity));
    room.on(RoomEvent.DataReceived, this.takeData);
  }

  close(): void {
    const { room } = this.options;
    room.unregisterTextStreamHandler(CHAT_TOPIC);
    room.off(RoomEvent.DataReceived, this.takeData);
  }

  private readonly takeData = (payload: Uint8Array, from?: RemoteParticipant, _kind?: unknown, topic?: string): void => {
    if (topic !== ROOM_TOPIC || !this.mayWrite(from)) return;
    const message = parseRoomMessage(payload);
    if (message) this.options.onMessage(message, from.identity);
  };

  private async readChat(reader: TextStreamReader, identity: string): Promise<void> {
    // A text that is not read to its end is dropped by the client.
    const isWanted = this.limit.allows(identity);
    let content = '';
    try {
      for await (const part of reader) {
        content += part;
        if (!isWanted || content.length > MAX_MESSAGE_BYTES) return;
      }
    } catch (error) {
      this.options.logger.debug('a text was not received to its end', { error: describeError(error) });
      return;
    }
    const text = parseChat(content);
    if (text !== undefined && (await this.isFromPerson(identity))) this.options.onMessage({ type: 'text_message', text }, identity);
  }

  /** What somebody writes right after joining may arrive before the news that they are there. */
  private async isFromPerson(identity: string): Promise<boolean> {
    const { room, now } = this.options;
    for (const untilMs = now() + NEWS_WITHIN_MS; now() < untilMs && !room.remoteParticipants.has(identity);)
      await sleep(NEWS_WITHIN_MS / 20);
    const from = room.remoteParticipants.get(identity);
    return from !== undefined && isPerson(from);
  }

  private mayWrite(from: Participant | undefined): from is Participant {
    return from !== undefined && isPerson(from) && this.limit.allows(from.identity);
  }
}
