import type { Difference, Replay } from '@parley/conversation';

/** Only the first differences are shown: later ones often follow from the first. */
const SHOWN = 20;

/** The result of a replay, in words. */
export function describeReplay({ events, decisions, differences }: Replay): string {
  const counts = `${events} events, ${decisions} decisions`;
  if (differences.length === 0) return `${counts}, no difference`;
  const left = differences.length - SHOWN;
  return [
    ...differences.slice(0, SHOWN).map(describeDifference),
    ...(left > 0 ? [`... and ${left} more`] : []),
    `${counts}, different decisions on ${differences.length} events`,
  ].join('\n');
}

function describeDifference({ line, event, expected, got }: Difference): string {
  const { type, atMs, ...details } = event;
  const fields = JSON.stringify(details, (_, value: unknown) => (value instanceof Int16Array ? `${value.length} samples` : value));
  const decisions = [...expected.map((effect) => `  - ${effect}`), ...got.map((effect) => `  + ${effect}`)];
  return [`line ${line}, ${type} at ${atMs} ms ${fields}: expected (-), got (+)`, ...decisions].join('\n');
}
