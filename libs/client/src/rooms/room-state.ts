import type { JoinRoom, RoomServerMessage } from '@parley/protocol';
import type { MicrophoneProblem } from '../audio/microphones';
import type { RoomError } from './room-error';
import type { NetworkLegs, RoomMember } from './room-link';

/** Where one is with a room. `reconnecting`: the connection is being repaired, or made anew. */
export type RoomPhase = 'joining' | 'joined' | 'reconnecting' | 'left';

/** The stay in the room at one moment. Each change gives a new object. */
export interface RoomState {
  readonly phase: RoomPhase;
  /** Name of the room; empty until the server has chosen one, where that was left to it. */
  readonly room: string;
  /** Everybody, the visitor first. */
  readonly members: readonly RoomMember[];
  /** `opening`: the browser asks the visitor, or starts the device. */
  readonly microphone: 'off' | 'opening' | 'on' | 'muted';
  readonly camera: boolean;
  readonly screen: boolean;
  /** The browser plays the room's sound; false: it waits for a click. */
  readonly sounding: boolean;
}

/** Words that somebody wrote. */
export interface RoomChat {
  readonly identity: string;
  readonly name: string;
  readonly isMe: boolean;
  readonly text: string;
}

/** What the visitor switches on and off. */
export type OwnDevice = 'microphone' | 'camera' | 'screen';

/** What a stay in a room reports to the page. None is called after `leave()`. */
export interface RoomConnectionHandlers {
  onState(state: RoomState): void;
  /** A message of the assistant. */
  onMessage(message: RoomServerMessage): void;
  onChat(chat: RoomChat): void;
  /** A device was not given. */
  onDeviceProblem(device: OwnDevice, problem: MicrophoneProblem): void;
  onLegs(legs: NetworkLegs): void;
  /** The stay is over, and the page did not end it. Everything is released already. */
  onEnded(error: RoomError): void;
}

/** Who somebody is to the server, from one stay to the next: who was removed from a room does not come back as somebody else. */
export interface RoomVisitor {
  readonly identity: string;
  /** The latest token, which proves it. */
  readonly token?: string;
}

/** What is asked of the server and the browser when one joins. */
export interface RoomWishes {
  /** What goes to the server, without what identifies the visitor. */
  readonly join: Omit<JoinRoom, 'identity' | 'name'>;
  /** What others see. */
  readonly name: string;
  /** Id of the microphone, empty for the default one; undefined: join without one. */
  readonly microphoneId?: string;
  /** Of an earlier stay; left out: a new one. */
  readonly visitor?: RoomVisitor;
}
