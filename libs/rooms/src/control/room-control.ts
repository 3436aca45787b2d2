import type { Room } from 'livekit-server-sdk';
import { isWithAssistant } from './assistant-settings';
import { MediaServer, type MediaServerOptions } from './media-server';
import { type ControlledParticipant, isPresent, toParticipant } from './participant-info';
import { RoomControlError } from './room-control-error';
import { RoomRecordings } from './room-recordings';
import { RoomIngresses } from './room-ingresses';
import { RoomTokens } from './room-tokens';

export interface RoomControlOptions extends MediaServerOptions {
  /** Name under which the workers offer the assistant. */
  agentName: string;
  /** Folder on the machine of the recording service; undefined for the one that the service runs in. */
  recordingDir?: string | undefined;
}

export interface ControlledRoom {
  room: string;
  /** Unix time. */
  createdAtMs: number;
  recording: boolean;
}

/**
 * The rooms of a LiveKit server from outside: nobody takes part in them here. All methods reject with `RoomControlError`, and with its kind
 * `not_found` for a room that does not exist.
 */
export class RoomControl {
  readonly tokens: RoomTokens;
  readonly recordings: RoomRecordings;
  readonly ingresses: RoomIngresses;

  private constructor(
    readonly server: MediaServer,
    private readonly options: RoomControlOptions,
  ) {
    this.tokens = new RoomTokens(server, options.agentName);
    this.recordings = new RoomRecordings(server, options.recordingDir);
    this.ingresses = new RoomIngresses(server);
  }

  /** Loads the packages of LiveKit. The server is asked nothing. */
  static async load(options: RoomControlOptions): Promise<RoomControl> {
    return new RoomControl(await MediaServer.load(options), options);
  }

  /** The names of the rooms that are to have an assistant. */
  async rooms(): Promise<string[]> {
    return (await this.all()).flatMap(({ name, metadata }) => (isWithAssistant(metadata) ? [name] : []));
  }

  async list(): Promise<ControlledRoom[]> {
    return (await this.all()).map(toRoom);
  }

  async room(room: string): Promise<ControlledRoom> {
    return toRoom(await this.found(room));
  }

  async participants(room: string): Promise<ControlledParticipant[]> {
    const participants = await this.participantsIfAny(room);
    // The server lists nobody for a room that does not exist, so an empty list has two meanings.
    if (participants.length === 0) await this.found(room);
    return participants;
  }

  /** The same, with nobody in a room that does not exist. */
  async participantsIfAny(room: string): Promise<ControlledParticipant[]> {
    const infos = await this.server.onRooms('list participants', (rooms) => rooms.listParticipants(room));
    return infos.filter(isPresent).map(toParticipant);
  }

  /** No effect if it is not in the room, or if there is no such room. It can join again as long as it has a token. */
  async removeParticipant(room: string, identity: string): Promise<void> {
    try {
      await this.server.onRooms('remove a participant', (rooms) => rooms.removeParticipant(room, identity));
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  /** Everybody has to leave. */
  async endRoom(room: string): Promise<void> {
    await this.server.onRooms('end a room', (rooms) => rooms.deleteRoom(room));
  }

  /** Asks the workers for another assistant with the settings that the room was made with. Rejects with `not_found` if it was made without. */
  async dispatchAgent(room: string): Promise<void> {
    // The server would make a room that does not exist.
    const { metadata } = await this.found(room);
    if (!isWithAssistant(metadata)) throw new RoomControlError('not_found', 'dispatch an assistant');
    await this.server.onDispatches('dispatch an assistant', (dispatches) =>
      dispatches.createDispatch(room, this.options.agentName, { metadata }),
    );
  }

  private async all(): Promise<Room[]> {
    return await this.server.onRooms('list rooms', (rooms) => rooms.listRooms());
  }

  private async found(room: string): Promise<Room> {
    const [found] = await this.server.onRooms('find a room', (rooms) => rooms.listRooms([room]));
    if (found === undefined) throw new RoomControlError('not_found', 'find a room');
    return found;
  }
}

const isNotFound = (error: unknown): boolean => error instanceof RoomControlError && error.kind === 'not_found';

const toRoom = ({ name, creationTime, creationTimeMs, activeRecording }: Room): ControlledRoom => ({
  room: name,
  createdAtMs: Number(creationTimeMs) || Number(creationTime) * 1_000,
  recording: activeRecording,
});
