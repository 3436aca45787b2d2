import { DisconnectReason, type LocalParticipant, type Room } from '@livekit/rtc-node';
import type { RoomEnd } from '../worker/attendee';
import { pause } from '../shared/in-time';
import { isPerson } from './people/is-person';
import { personName } from './people/person-name';

/** Nothing that people send to an assistant is longer. */
const MAX_STREAM_BYTES = 256 * 1024;

/** A media server that does not answer is not waited for any longer. */
const DISCONNECT_MS = 3_000;

/** Joins the room. Nothing in it is received before it is asked for. */
export async function connectRoom(room: Room, url: string, token: string): Promise<LocalParticipant> {
  await room.connect(url, token, { autoSubscribe: false, dynacast: false, dataStream: { maxPayloadByteLength: MAX_STREAM_BYTES } });
  if (room.localParticipant === undefined) throw new Error('a room without its own participant');
  return room.localParticipant;
}

/** The names of the people in the room, by identity. */
export function peopleIn(room: Room): ReadonlyMap<string, string> {
  const people = [...room.remoteParticipants.values()].filter(isPerson);
  return new Map(people.map(({ identity, name }) => [identity, personName(name, identity)]));
}

/** Why the media server, or the network, has ended the connection. */
export function endReasonOf(reason: DisconnectReason): RoomEnd {
  switch (reason) {
    case DisconnectReason.PARTICIPANT_REMOVED:
    case DisconnectReason.ROOM_DELETED:
    case DisconnectReason.ROOM_CLOSED:
      return 'terminated';
    case DisconnectReason.DUPLICATE_IDENTITY:
      return 'lease_lost';
    default:
      return 'disconnected';
  }
}

/** What of the client for all rooms is used here. */
interface EventSource {
  off(event: 'ffi_event', listener: unknown): void;
}

/**
 * Leaves the room and releases it. The client leaves a listener of every room behind that the server has ended (rtc-node 1.1.0), which
 * would get each audio frame of all other rooms for as long as the process runs.
 */
export async function disconnectRoom(room: Room): Promise<void> {
  const left = new AbortController();
  await Promise.race([room.disconnect(), pause(DISCONNECT_MS, left.signal)]).finally(() => left.abort());
  const client: unknown = Reflect.get(globalThis, '_ffiClientInstance');
  const listener: unknown = Reflect.get(room, 'onFfiEvent');
  if (isEventSource(client) && typeof listener === 'function') client.off('ffi_event', listener);
  room.removeAllListeners();
}

const isEventSource = (client: unknown): client is EventSource => typeof client === 'object' && client !== null && 'off' in client;
