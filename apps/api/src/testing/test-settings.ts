import { DEFAULT_TURN_POLICY, type TurnPolicy } from '@parley/conversation';
import { parseEnvironment } from '../config/parse-environment';
import { type Settings, settingsFrom } from '../config/settings';

/** The defaults of the environment, but without drafts unless they are asked for: a turn is then answered in one straight line. */
export function testSettings(environment: Record<string, string> = {}, turns: Partial<TurnPolicy> = {}): Settings {
  const settings = settingsFrom(parseEnvironment(environment));
  return { ...settings, turns: { ...settings.turns, draftAfterSilenceMs: DEFAULT_TURN_POLICY.draftAfterSilenceMs, ...turns } };
}
