import { unitTimes, type CharacterTimes, type UnitTime } from './alignment';
import { slideGaps } from './slide-gaps';
import { matchTexts, type Stretch } from './match-texts';

/** For a text whose end has no times and whose speed is not known. */
const DEFAULT_UNIT_MS = 65;

/**
 * The times of each UTF-16 code unit of a text by an alignment that may be of other characters: numbers written out, other punctuation, parts
 * missing. What has no time of its own shares the time between its neighbours. Times never decrease. Without any time, undefined.
 */
export function timeText(text: string, alignment: CharacterTimes): UnitTime[] | undefined {
  const { text: spoken, times } = unitTimes(alignment);
  if (times.length === 0) return undefined;
  const known = new Array<UnitTime | undefined>(text.length).fill(undefined);
  for (const stretch of slideGaps(matchTexts(text, spoken), text, times)) setStretch(known, stretch, times);
  return fillGaps(text, known, unitDuration(times));
}

function setStretch(known: (UnitTime | undefined)[], { from, to, otherFrom, otherTo, isEqual }: Stretch, times: readonly UnitTime[]): void {
  if (isEqual) {
    for (let index = from; index < to; index += 1) known[index] = times[otherFrom + index - from];
    return;
  }
  const first = times[otherFrom];
  const last = times[otherTo - 1];
  if (otherTo > otherFrom && first && last) spread(known, from, to, first.startMs, last.endMs);
}

function spread(known: (UnitTime | undefined)[], from: number, to: number, startMs: number, endMs: number): void {
  const step = Math.max(0, endMs - startMs) / (to - from);
  for (let index = from; index < to; index += 1)
    known[index] = { startMs: startMs + (index - from) * step, endMs: startMs + (index - from + 1) * step };
}

function fillGaps(text: string, known: (UnitTime | undefined)[], unitMs: number): UnitTime[] {
  let index = 0;
  while (index < known.length) {
    const from = index;
    while (index < known.length && known[index] === undefined) index += 1;
    if (index > from) {
      // Punctuation is not heard.
      const usualMs = /[\p{L}\p{N}]/u.test(text.slice(from, index)) ? (index - from) * unitMs : 0;
      const after = known[index]?.startMs;
      const startMs = known[from - 1]?.endMs ?? Math.max(0, (after ?? 0) - usualMs);
      spread(known, from, index, startMs, Math.max(startMs, after ?? startMs + usualMs));
    }
    index += 1;
  }
  return ascending(known.filter((time) => time !== undefined));
}

function ascending(times: readonly UnitTime[]): UnitTime[] {
  let latest = 0;
  return times.map(({ startMs, endMs }) => {
    latest = Math.max(latest, startMs);
    return { startMs: latest, endMs: Math.max(latest, endMs) };
  });
}

/** The usual duration of a code unit. */
function unitDuration(times: readonly UnitTime[]): number {
  const first = times[0];
  const last = times.at(-1);
  const mean = first && last ? (last.endMs - first.startMs) / times.length : 0;
  return mean > 0 ? mean : DEFAULT_UNIT_MS;
}
