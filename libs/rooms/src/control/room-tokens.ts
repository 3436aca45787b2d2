import { type AssistantSettings } from './assistant-settings';
import type { MediaServer } from './media-server';

/** How long a token can be used to join, in seconds. The media server accepts it for up to a minute longer. Whoever has joined stays. */
export const TOKEN_TTL_S = 600;
/** How long a token proves who somebody is who wants another one. */
const PROOF_VALID_S = 24 * 3600;
/** A room that nobody has joined, and one that everybody has left: long enough for people who reconnect. */
const EMPTY_TIMEOUT_S = 60;
const DEPARTURE_TIMEOUT_S = 20;

export interface TokenRequest {
  room: string;
  identity: string;
  name: string;
  /** Used if this token makes the room; the assistant of a room that exists stays as it is. */
  assistant: AssistantSettings;
}

/** Makes the tokens with which people join rooms. */
export class RoomTokens {
  constructor(
    private readonly server: MediaServer,
    private readonly agentName: string,
  ) {}

  /**
   * A token for this identity in this room: microphone, camera, screen share and data, and nothing about the room or about oneself, so that nobody
   * can pretend to be the assistant.
   */
  async issue({ room, identity, name, assistant }: TokenRequest): Promise<{ token: string; expiresAtMs: number }> {
    const { sdk, credentials } = this.server;
    const { MICROPHONE, CAMERA, SCREEN_SHARE } = sdk.TrackSource;
    const expiresAtMs = (Math.floor(Date.now() / 1_000) + TOKEN_TTL_S) * 1_000;
    const token = new sdk.AccessToken(credentials.apiKey, credentials.apiSecret, { identity, name, ttl: TOKEN_TTL_S });
    token.addGrant({
      ...{ roomJoin: true, room, canPublish: true, canSubscribe: true, canPublishData: true, canUpdateOwnMetadata: false },
      canPublishSources: [MICROPHONE, CAMERA, SCREEN_SHARE],
    });
    const metadata = JSON.stringify(assistant);
    token.roomConfig = new sdk.RoomConfiguration({
      // A replacement of the assistant is dispatched with it.
      metadata,
      emptyTimeout: EMPTY_TIMEOUT_S,
      departureTimeout: DEPARTURE_TIMEOUT_S,
      // Dispatched when the room is made: a dispatch of its own would take up to seconds.
      agents: [new sdk.RoomAgentDispatch({ agentName: this.agentName, metadata })],
    });
    return { token: await token.toJwt(), expiresAtMs };
  }

  /** Whether this is a token of ours for this identity in this room, which may have expired within the last day. Never rejects. */
  async proves(token: string, { room, identity }: Pick<TokenRequest, 'room' | 'identity'>): Promise<boolean> {
    const { sdk, credentials } = this.server;
    try {
      const claims = await new sdk.TokenVerifier(credentials.apiKey, credentials.apiSecret).verify(token, PROOF_VALID_S);
      return claims.sub === identity && claims.video?.roomJoin === true && claims.video.room === room;
    } catch {
      return false;
    }
  }
}
