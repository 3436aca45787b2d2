/** How good a member's connection to the media server is, as that server judges it. */
export type ConnectionGrade = 'excellent' | 'good' | 'poor' | 'lost' | 'unknown';

/** A member's camera or shared screen. The same object for as long as it is the same video. */
export interface MemberVideo {
  attach(element: HTMLVideoElement): void;
  detach(element: HTMLVideoElement): void;
}

/** The states that an assistant announces of itself, by the names that LiveKit's own components use. */
export const AGENT_STATES = ['initializing', 'idle', 'listening', 'thinking', 'speaking'] as const;
/** One of `AGENT_STATES`. */
export type AgentState = (typeof AGENT_STATES)[number];

/** Somebody in the room, at one moment. */
export interface RoomMember {
  readonly identity: string;
  readonly name: string;
  readonly kind: 'person' | 'assistant' | 'other';
  readonly isMe: boolean;
  readonly isSpeaking: boolean;
  readonly microphone: 'on' | 'muted' | 'off';
  readonly connection: ConnectionGrade;
  readonly camera?: MemberVideo;
  readonly screen?: MemberVideo;
  /** What the assistant says that it does; only of an assistant. */
  readonly agentState?: AgentState;
}

/** The parts of the way between the visitor and the assistant that can be measured, in ms. Undefined: not known. */
export interface NetworkLegs {
  /** There and back between this page and the media server. */
  readonly pageRoundTripMs?: number;
  /** There and back between the assistant's program and the media server, as that program reports it. */
  readonly assistantRoundTripMs?: number;
  /** How long the browser keeps the assistant's voice back, so that it plays without gaps. */
  readonly bufferMs?: number;
}

/** Why a link has ended. `lost`: joining again may help. */
export type LinkEnd = 'removed' | 'room_ended' | 'replaced' | 'lost';

/** What a link reports. Nothing is reported after `close()`. */
export interface RoomLinkHandlers {
  /** Somebody has come, gone, or changed in any way. */
  onMembers(): void;
  /** The connection is interrupted and being repaired (true), or is whole again (false). */
  onInterrupted(interrupted: boolean): void;
  onData(topic: string, bytes: Uint8Array, identity: string): void;
  /** A whole text stream. */
  onText(topic: string, text: string, identity: string): void;
  /** The browser plays the room's sound (true), or waits for a click (false). */
  onSound(allowed: boolean): void;
  onEnded(end: LinkEnd): void;
}

/** One stay in a room of a media server. */
export interface RoomLink {
  /** Rejects with a `RoomError`. */
  connect(url: string, token: string): Promise<void>;
  /** Everybody, the visitor first. Empty before `connect` has resolved. */
  members(): readonly RoomMember[];
  /** Opens the microphone, or unmutes it; false mutes it. An empty id means the default one. Rejects with the browser's DOMException. */
  setMicrophone(on: boolean, deviceId: string): Promise<void>;
  /** Changes the microphone while it is open. Rejects like `setMicrophone`. */
  changeMicrophone(deviceId: string): Promise<void>;
  /** Rejects with the browser's DOMException. */
  setCamera(on: boolean): Promise<void>;
  /** Must be called from a click to switch it on. Rejects with the browser's DOMException. */
  setScreen(on: boolean): Promise<void>;
  sendText(topic: string, text: string): Promise<void>;
  sendData(topic: string, bytes: Uint8Array): Promise<void>;
  /** Lets the browser play sound; from a click. */
  startAudio(): Promise<void>;
  measureLegs(): Promise<NetworkLegs>;
  /** Leaves, and releases microphone, camera, screen, sound and connection. Idempotent; never rejects. */
  close(): Promise<void>;
}

export type OpenRoomLink = (handlers: RoomLinkHandlers) => Promise<RoomLink>;
