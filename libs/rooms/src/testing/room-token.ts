import { AccessToken, type VideoGrant } from 'livekit-server-sdk';
import type { LiveKitServer } from './livekit-server';

/** A token for a test person, made without the product. */
export function roomToken(
  { apiKey, apiSecret }: Pick<LiveKitServer, 'apiKey' | 'apiSecret'>,
  { room, identity, grant = {}, ttlSeconds = 600 }: { room: string; identity: string; grant?: VideoGrant; ttlSeconds?: number },
): Promise<string> {
  const token = new AccessToken(apiKey, apiSecret, { identity, ttl: ttlSeconds });
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
