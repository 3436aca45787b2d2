import { randomBytes } from 'node:crypto';
import type { MediaServer } from './media-server';

/** Where a program sends audio and video into a room. Whoever knows the key can. */
export interface RoomIngressAddress {
  ingressId: string;
  url: string;
  streamKey: string;
}

/** Lets programs send audio and video into rooms by WHIP, through LiveKit's ingress service. */
export class RoomIngresses {
  constructor(private readonly server: MediaServer) {}

  async create(room: string): Promise<RoomIngressAddress> {
    const { IngressInput } = this.server.sdk;
    const participantIdentity = `ingress-${randomBytes(8).toString('hex')}`;
    const { ingressId, url, streamKey } = await this.server.onIngress('create an ingress', (ingress) =>
      ingress.createIngress(IngressInput.WHIP_INPUT, {
        ...{ name: room, roomName: room, participantIdentity, participantName: 'Broadcast' },
        // WHIP brings what browsers play, so nothing has to be coded again.
        enableTranscoding: false,
      }),
    );
    return { ingressId, url, streamKey };
  }
}
