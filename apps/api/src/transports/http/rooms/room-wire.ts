import type { RoomParticipantSummary, RoomSummary } from '@parley/protocol';
import type { ControlledParticipant, RoomControl } from '@parley/rooms';

/** Rooms whose participants are asked for at the same time. */
const AT_ONCE = 16;

/**
 * All rooms, the newest first. The media server's own count of participants is late, so each room is asked; one that ends meanwhile is listed as
 * empty.
 */
export async function summaries(control: Pick<RoomControl, 'list' | 'participantsIfAny'>): Promise<RoomSummary[]> {
  const rooms = (await control.list()).sort((a, b) => b.createdAtMs - a.createdAtMs || (a.room < b.room ? -1 : 1));
  const listed: RoomSummary[] = [];
  for (let from = 0; from < rooms.length; from += AT_ONCE) {
    const some = rooms.slice(from, from + AT_ONCE).map(async ({ room, createdAtMs, recording }) => {
      const people = (await control.participantsIfAny(room)).filter(({ kind }) => kind === 'person');
      return { room, created_at: new Date(createdAtMs).toISOString(), participants: people.length, recording };
    });
    listed.push(...(await Promise.all(some)));
  }
  return listed;
}

export const toParticipantSummary = (participant: ControlledParticipant): RoomParticipantSummary => {
  const { identity, name, kind, joinedAtMs, microphone, camera } = participant;
  return { identity, name, kind, joined_at: new Date(joinedAtMs).toISOString(), microphone, camera };
};
