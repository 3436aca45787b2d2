/** What a session token may be used for. */
export const SESSION_TOKEN_PURPOSES = ['conversation', 'narration', 'episodes', 'rooms'] as const;
export type SessionTokenPurpose = (typeof SESSION_TOKEN_PURPOSES)[number];

/** Body of `POST /api/session-tokens`. */
export interface SessionTokenRequest {
  /** `conversation`: `/ws` and `/ws/agent`. `narration`: `/ws/narration`. `episodes` and `rooms`: requests that change something there. */
  purpose: SessionTokenPurpose;
}

/** Answer of `POST /api/session-tokens`: lets in once, until `expires_at`. */
export interface SessionToken {
  token: string;
  /** ISO 8601, UTC. */
  expires_at: string;
}
