import { AccessToken, type VideoGrant } from 'livekit-server-sdk';
import type { LiveKitServer } from './livekit-server';

/** A token for a test person, made without the product. */
export function roomToken(
  { apiKey, apiSecret }: Pick<LiveKitServer, 'apiKey' | 'apiSecret'>,
  { room, identity, grant = {} }: { room: string; identity: string; grant?: VideoGrant },
): Promise<string> {
  const token = new AccessToken(apiKey, apiSecret, { identity, ttl: 600 });
  token.addGrant({
    roomJoin: true,
    room,
    canPublish: true,
    canSubscribe: true,
    canPublishData: true,
    canUpdateOwnMetadata: true,
    ...grant,
  });
  return token.toJwt();
}
