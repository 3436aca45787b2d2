import { ROOM_TOPIC, type RoomClientMessage } from '@parley/protocol';
import { CHAT_TOPIC, chatWords } from './room-chat';
import type { RoomLink, RoomMember } from './room-link';
import { parseRoomMessage } from './room-messages';
import type { RoomConnectionHandlers } from './room-state';

/** What is written in a room, and the assistant's messages, during one stay at a media server. */
export class RoomMail {
  private closed = false;

  constructor(
    private readonly link: RoomLink,
    private readonly handlers: Pick<RoomConnectionHandlers, 'onMessage' | 'onChat'>,
  ) {}

  /** Writes to everybody in the room. Whether it was sent. */
  async write(text: string): Promise<boolean> {
    const words = chatWords(text);
    const me = this.link.members().find(({ isMe }) => isMe);
    if (!me || words === undefined || !(await sent(this.link.sendText(CHAT_TOPIC, words)))) return false;
    if (!this.closed) this.handlers.onChat({ identity: me.identity, name: me.name, isMe: true, text: words });
    return true;
  }

  /** Asks the assistant to stop speaking. Whether it was sent. */
  async interrupt(): Promise<boolean> {
    const message: RoomClientMessage = { type: 'interrupt' };
    return sent(this.link.sendData(ROOM_TOPIC, new TextEncoder().encode(JSON.stringify(message))));
  }

  /** Only an assistant's messages count: anybody in the room can send data. */
  received(topic: string, bytes: Uint8Array, identity: string): void {
    if (topic !== ROOM_TOPIC || this.member(identity)?.kind !== 'assistant') return;
    const message = parseRoomMessage(bytes);
    if (message) this.handlers.onMessage(message);
  }

  written(topic: string, text: string, identity: string): void {
    const words = chatWords(text);
    const sender = this.member(identity);
    if (topic !== CHAT_TOPIC || words === undefined || !sender || sender.isMe) return;
    this.handlers.onChat({ identity, name: sender.name, isMe: false, text: words });
  }

  /** Nothing more is reported. */
  close(): void {
    this.closed = true;
  }

  private member(identity: string): RoomMember | undefined {
    return this.link.members().find((member) => member.identity === identity);
  }
}

async function sent(sending: Promise<void>): Promise<boolean> {
  try {
    await sending;
    return true;
  } catch {
    return false;
  }
}
