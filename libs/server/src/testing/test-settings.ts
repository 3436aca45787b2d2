import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_TURN_POLICY, type TurnPolicy } from '@parley/conversation';
import { parseEnvironment } from '../config/parse-environment';
import { type Settings, settingsFrom } from '../config/settings';

/** The settings for an environment. Drafts are switched off unless `turns` enables them, because without them a turn has a single course. */
export function testSettings(environment: Record<string, string> = {}, turns: Partial<TurnPolicy> = {}): Settings {
  // Not the folder of whoever runs the tests, and a new one for each: it is only made when an episode is.
  const dataDir = join(tmpdir(), `parley-data-${randomUUID()}`);
  const settings = settingsFrom(parseEnvironment({ DATA_DIR: dataDir, ...environment }));
  return { ...settings, turns: { ...settings.turns, draftAfterSilenceMs: DEFAULT_TURN_POLICY.draftAfterSilenceMs, ...turns } };
}
