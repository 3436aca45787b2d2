import { DEFAULT_TURN_POLICY, type TurnPolicy } from '@parley/conversation';
import { parseEnvironment } from '../config/parse-environment';
import { type Settings, settingsFrom } from '../config/settings';

/** The settings for an environment. Drafts are switched off unless `turns` enables them, because without them a turn has a single course. */
export function testSettings(environment: Record<string, string> = {}, turns: Partial<TurnPolicy> = {}): Settings {
  const settings = settingsFrom(parseEnvironment(environment));
  return { ...settings, turns: { ...settings.turns, draftAfterSilenceMs: DEFAULT_TURN_POLICY.draftAfterSilenceMs, ...turns } };
}
