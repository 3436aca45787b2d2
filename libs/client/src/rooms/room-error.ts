import type { LinkEnd } from './room-link';

/**
 * Why one is not in a room, or not any more.
 * `unreachable`: our server gives no answer. `unavailable`: it has no rooms now. `closed`: it lets people in only through its operator's own application. `forbidden`: this
 * visitor may not join. `taken`: somebody with this identity is in the room. `invalid`: the server does not accept the name of the room or of
 * the visitor. `failed`: any other answer. `not_loaded`: the page's code for rooms does not load. `unsupported`: the browser cannot do it.
 * `token_refused` and `media_unreachable`: the media server says no, or nothing.
 */
export type RoomProblem =
  | 'unreachable'
  | 'unavailable'
  | 'closed'
  | 'forbidden'
  | 'taken'
  | 'invalid'
  | 'failed'
  | 'not_loaded'
  | 'unsupported'
  | 'token_refused'
  | 'media_unreachable'
  | LinkEnd;

/** Joining has failed. `message` is for people to read: the server's own words where it gave any. */
export class RoomError extends Error {
  constructor(
    readonly problem: RoomProblem,
    message = roomProblemInWords(problem),
  ) {
    super(message);
    this.name = 'RoomError';
  }
}

/** The problem in plain words, with what one can do about it. */
export function roomProblemInWords(problem: RoomProblem): string {
  switch (problem) {
    case 'unreachable':
      return 'The server cannot be reached. Check your network, or try again later.';
    case 'unavailable':
      return 'The server has no rooms at the moment.';
    case 'closed':
      return 'People join the rooms of this server through its operator’s own application. The operator can open them to everybody with ROOMS_OPEN.';
    case 'forbidden':
      return 'You may not join this room.';
    case 'taken':
      return 'Somebody with the same identity is in this room. Try again.';
    case 'invalid':
      return 'The server does not accept this name or this room.';
    case 'failed':
      return 'The server could not open the room. Try again later.';
    case 'not_loaded':
      return 'A part of this page did not load. Check your network, and reload the page.';
    case 'unsupported':
      return 'This browser cannot take part in rooms. Use a current version of Chrome, Edge, Firefox or Safari.';
    case 'token_refused':
      return 'The media server refused the permission to join. It may have expired: try again.';
    case 'media_unreachable':
      return 'The media server cannot be reached. A firewall may block it, or it is not running.';
    case 'removed':
      return 'You were removed from the room.';
    case 'room_ended':
      return 'The room was ended.';
    case 'replaced':
      return 'You joined this room in another place, so you left it here.';
    case 'lost':
      return 'The connection to the room is lost.';
  }
}

/** Whether joining again, without anybody's doing, may help somebody who was in the room. */
export function mayPassByItself(problem: RoomProblem): boolean {
  return (
    problem === 'unreachable' || problem === 'unavailable' || problem === 'media_unreachable' || problem === 'lost' || problem === 'failed'
  );
}
