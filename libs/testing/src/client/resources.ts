/** What conversations hold on the server; all 0 when there are none. */
export const RESOURCE_GAUGES = [
  'parley_connections',
  'parley_sessions',
  'parley_open_streams',
  'parley_turn_timers',
  'parley_agent_conversations',
] as const;
export type Resources = Record<(typeof RESOURCE_GAUGES)[number], number>;
export const NO_RESOURCES: Resources = {
  parley_connections: 0,
  parley_sessions: 0,
  parley_open_streams: 0,
  parley_turn_timers: 0,
  parley_agent_conversations: 0,
};

/** One sample of `/metrics` by its name. Throws when it is not there. */
export function readGauge(text: string, name: string): number {
  const value = new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1];
  if (value === undefined) throw new Error(`/metrics has no ${name}`);
  return Number(value);
}

/** What the server at this origin holds now. */
export async function resourcesOf({ url }: { readonly url: string }): Promise<Resources> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const held = { ...NO_RESOURCES };
  for (const name of RESOURCE_GAUGES) held[name] = readGauge(text, name);
  return held;
}
