import type { EngineName } from '../server-messages';

/** Body of `POST /api/rooms`. */
export interface JoinRoom {
  /** Name of the room, 1 to 64 letters, digits, `-` and `_`. Left out: a new room with a name that cannot be guessed. */
  room?: string;
  /** Who joins, 1 to 64 characters. Two participants of one room never have the same identity. */
  identity: string;
  /** The name that others see, up to 64 characters. Left out: the identity. */
  name?: string;
  /** What the room's assistant uses, decided by whoever joins first. */
  engine?: EngineName;
  language?: string;
  voice_id?: string;
  /** Whether the assistant answers only when it is called by its name. Decided by whoever joins first. */
  only_when_addressed?: boolean;
  /**
   * A token for the same identity in the same room, at most a day old. With it the identity may join although it is in the room: that is who lost
   * the connection, and the media server has not noticed yet.
   */
  previous_token?: string;
}

/** Answer of `POST /api/rooms`: what a LiveKit client needs to join. */
export interface RoomAccess {
  /** Address of the media server, `ws:` or `wss:`. */
  url: string;
  room: string;
  /** A signed token for this identity in this room. It can be used until `expires_at`; who has joined stays. */
  token: string;
  /** ISO 8601, UTC. */
  expires_at: string;
}

export interface RoomSummary {
  room: string;
  /** ISO 8601, UTC. */
  created_at: string;
  /** People, without the assistant. */
  participants: number;
  recording: boolean;
}

/** Answer of `GET /api/rooms`. */
export interface RoomList {
  rooms: RoomSummary[];
}

export interface RoomParticipantSummary {
  identity: string;
  name: string;
  kind: 'person' | 'assistant' | 'other';
  /** ISO 8601, UTC. */
  joined_at: string;
  microphone: 'on' | 'muted' | 'off';
  camera: 'on' | 'muted' | 'off';
}

/** Answer of `GET /api/rooms/:room/participants`. */
export interface RoomParticipants {
  participants: RoomParticipantSummary[];
}

/** Answer of `POST /api/rooms/:room/recording`. */
export interface RoomRecording {
  recording_id: string;
}

/** Answer of `POST /api/rooms/:room/ingress`: where a program sends audio and video by WHIP. */
export interface RoomIngress {
  ingress_id: string;
  url: string;
  stream_key: string;
}
