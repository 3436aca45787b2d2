import { WS_AGENT_PATH, WS_NARRATION_PATH, WS_PATH, type SessionTokenPurpose } from '@parley/protocol';
import type { SessionTokens } from './session-tokens';

const PURPOSES: ReadonlyMap<string, SessionTokenPurpose> = new Map([
  [WS_PATH, 'conversation'],
  [WS_AGENT_PATH, 'conversation'],
  [WS_NARRATION_PATH, 'narration'],
]);

/** Checks the tokens in the queries of upgrades. */
export class UpgradeTokens {
  constructor(private readonly tokens: SessionTokens) {}

  /** Undefined where no token is needed; otherwise resolves to whether the one in the query is accepted, which uses it up. */
  check(url: string, path: string): Promise<boolean> | undefined {
    if (!this.tokens.areNeeded) return undefined;
    // An endpoint that somebody adds is not open to everybody because it was forgotten here.
    const purpose = PURPOSES.get(path) ?? 'conversation';
    const [token, second] = new URLSearchParams(url.split('?', 2)[1]).getAll('token');
    // Which of two would count is not for a client to choose.
    return second === undefined ? this.tokens.redeem(token, purpose) : Promise.resolve(false);
  }
}
