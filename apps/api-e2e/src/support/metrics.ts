import { poll, type Server } from '@parley/testing/client';

/** What conversations hold on the server; all 0 when there are none. */
export const RESOURCE_GAUGES = [
  'parley_connections',
  'parley_sessions',
  'parley_open_streams',
  'parley_turn_timers',
  'parley_agent_conversations',
] as const;

const RELEASE_TIMEOUT_MS = 5_000;

/** One sample of `/metrics` by its name. Throws when it is not there. */
export function readGauge(text: string, name: string): number {
  const value = new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1];
  if (value === undefined) throw new Error(`/metrics has no ${name}`);
  return Number(value);
}

export async function resourcesOf({ url }: Server): Promise<Record<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Object.fromEntries(RESOURCE_GAUGES.map((name) => [name, readGauge(text, name)]));
}

/** Resolves when the server holds nothing of any conversation any more. */
export async function allReleased(server: Server): Promise<void> {
  const isNothing = (resources: Record<string, number>): boolean => Object.values(resources).every((count) => count === 0);
  await poll('the release of everything', () => resourcesOf(server), isNothing, RELEASE_TIMEOUT_MS);
}
