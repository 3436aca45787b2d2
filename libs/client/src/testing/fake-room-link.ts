import type { LinkEnd, NetworkLegs, RoomLink, RoomLinkHandlers, RoomMember } from '../rooms/room-link';

/** The visitor of a fake room. */
export const ME: RoomMember = {
  identity: 'asha-1',
  name: 'Asha',
  kind: 'person',
  isMe: true,
  isSpeaking: false,
  microphone: 'off',
  connection: 'good',
};
/** Somebody else. */
export const BEN: RoomMember = { ...ME, identity: 'ben-1', name: 'Ben', isMe: false, microphone: 'on' };
/** The assistant of a fake room. */
export const PARLEY: RoomMember = { ...BEN, identity: 'agent-1', name: 'Parley', kind: 'assistant', agentState: 'listening' };

/** A room without a media server; the test plays the others in it. */
export class FakeRoomLink implements RoomLink {
  /** All of the running test, oldest first. */
  static readonly made: FakeRoomLink[] = [];
  /** What the next connections are refused with. */
  static refusal: Error | undefined;
  /** What the next requests for a device are refused with. */
  static deviceRefusal: Error | undefined;
  /** Requests for a device wait for this, like a question that the visitor has not answered yet. */
  static prompt: Promise<void> = Promise.resolve();

  static newest(): FakeRoomLink {
    const link = FakeRoomLink.made.at(-1);
    if (!link) throw new Error('Nobody has joined.');
    return link;
  }

  static reset(): void {
    FakeRoomLink.made.length = 0;
    FakeRoomLink.refusal = undefined;
    FakeRoomLink.deviceRefusal = undefined;
    FakeRoomLink.prompt = Promise.resolve();
  }

  me: RoomMember = ME;
  others: readonly RoomMember[] = [BEN, PARLEY];
  legs: NetworkLegs = {};
  closed = false;
  connectedTo: [url: string, token: string] | undefined;
  soundStarts = 0;
  readonly texts: [topic: string, text: string][] = [];
  readonly data: [topic: string, text: string][] = [];
  /** Every request for a device, such as `microphone on headset`. */
  readonly requests: string[] = [];

  constructor(readonly handlers: RoomLinkHandlers) {
    FakeRoomLink.made.push(this);
  }

  async connect(url: string, token: string): Promise<void> {
    if (FakeRoomLink.refusal) throw FakeRoomLink.refusal;
    this.connectedTo = [url, token];
  }

  members(): readonly RoomMember[] {
    return this.connectedTo && !this.closed ? [this.me, ...this.others] : [];
  }

  async setMicrophone(on: boolean, deviceId: string): Promise<void> {
    await this.request(`microphone ${on ? `on ${deviceId}`.trim() : 'muted'}`);
    this.me = { ...this.me, microphone: on ? 'on' : 'muted' };
  }

  async changeMicrophone(deviceId: string): Promise<void> {
    await this.request(`microphone changed to ${deviceId}`);
  }

  async setCamera(on: boolean): Promise<void> {
    await this.request(`camera ${on ? 'on' : 'off'}`);
    this.me = { ...this.me, camera: on ? video() : undefined };
  }

  async setScreen(on: boolean): Promise<void> {
    await this.request(`screen ${on ? 'on' : 'off'}`);
    this.me = { ...this.me, screen: on ? video() : undefined };
  }

  async sendText(topic: string, text: string): Promise<void> {
    if (this.closed) throw new Error('closed');
    this.texts.push([topic, text]);
  }

  async sendData(topic: string, bytes: Uint8Array): Promise<void> {
    this.data.push([topic, new TextDecoder().decode(bytes)]);
  }

  async startAudio(): Promise<void> {
    this.soundStarts += 1;
    this.handlers.onSound(true);
  }

  async measureLegs(): Promise<NetworkLegs> {
    return this.legs;
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  /** The others in the room are these from now on. */
  seat(...others: readonly RoomMember[]): void {
    this.others = others;
    this.handlers.onMembers();
  }

  /** Somebody sends a data message. */
  say(message: unknown, identity = PARLEY.identity, topic = 'parley'): void {
    this.handlers.onData(topic, new TextEncoder().encode(JSON.stringify(message)), identity);
  }

  /** Somebody writes. */
  write(text: string, identity = BEN.identity): void {
    this.handlers.onText('lk.chat', text, identity);
  }

  end(end: LinkEnd): void {
    this.handlers.onEnded(end);
  }

  private async request(what: string): Promise<void> {
    this.requests.push(what);
    await FakeRoomLink.prompt;
    if (FakeRoomLink.deviceRefusal) throw FakeRoomLink.deviceRefusal;
  }
}

const video = () => ({ attach: () => undefined, detach: () => undefined });
