import type { MediaServer } from './media-server';
import { RoomControlError } from './room-control-error';

/** Records the sound of rooms, through LiveKit's egress service. */
export class RoomRecordings {
  constructor(
    private readonly server: MediaServer,
    /** Folder on the machine of that service. */
    private readonly dir: string | undefined,
  ) {}

  /** Resolves with the recording's id when the service has taken it. It writes one Ogg file with all voices of the room. */
  async start(room: string): Promise<string> {
    const { EncodedFileOutput, EncodedFileType } = this.server.sdk;
    // The service fills in the braces.
    const filepath = `${this.dir === undefined ? '' : `${this.dir.replace(/\/$/, '')}/`}{room_name}-{time}.ogg`;
    const file = new EncodedFileOutput({ fileType: EncodedFileType.OGG, filepath });
    const { egressId } = await this.server.onEgress('start a recording', (egress) =>
      egress.startRoomCompositeEgress(room, { file }, { audioOnly: true }),
    );
    return egressId;
  }

  /** Stops all recordings of the room. Rejects with the kind `not_found` if there is none. */
  async stop(room: string): Promise<void> {
    const active = await this.server.onEgress('list recordings', (egress) => egress.listEgress({ roomName: room, active: true }));
    if (active.length === 0) throw new RoomControlError('not_found', 'stop a recording');
    for (const { egressId } of active) await this.server.onEgress('stop a recording', (egress) => egress.stopEgress(egressId));
  }
}
