/** A stretch of one text and the stretch of the other that stands for it. Ends are exclusive; one of them may be empty. */
export interface Stretch {
  from: number;
  to: number;
  otherFrom: number;
  otherTo: number;
  /** Whether they are equal, character by character. */
  isEqual: boolean;
}

/** So many equal characters in a row show that the texts go on together. */
const COMMON = 5;
/** The farthest look-ahead in the other text. */
const AHEAD = 200;
/** Skipping is as dear as this many characters of the text for one of the other: what was left out is often long. */
const SKIP_WEIGHT = 4;

/**
 * Divides two texts into stretches that are equal and stretches that differ: numbers that were written out, case, punctuation, parts that are
 * missing in either. Case is ignored.
 */
export function matchTexts(text: string, other: string): Stretch[] {
  const left = foldCase(text);
  const right = foldCase(other);
  const places = commonPlaces(left);
  const stretches: Stretch[] = [];
  let at = 0;
  let otherAt = 0;
  while (at < left.length || otherAt < right.length) {
    const equal = equalLength(left, at, right, otherAt);
    if (equal > 0) stretches.push({ from: at, to: (at += equal), otherFrom: otherAt, otherTo: (otherAt += equal), isEqual: true });
    if (at >= left.length && otherAt >= right.length) break;
    const next = nextCommon(left, at, right, otherAt, places);
    stretches.push({ from: at, to: next.at, otherFrom: otherAt, otherTo: next.otherAt, isEqual: false });
    at = next.at;
    otherAt = next.otherAt;
  }
  return stretches;
}

/** Lower case, unit by unit, so that indexes stay. */
const foldCase = (text: string): string => {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : text;
};

function equalLength(left: string, at: number, right: string, otherAt: number): number {
  let length = 0;
  while (at + length < left.length && left[at + length] === right[otherAt + length]) length += 1;
  return length;
}

/** Where each run of `COMMON` characters occurs. */
function commonPlaces(text: string): Map<string, number[]> {
  const places = new Map<string, number[]>();
  for (let index = 0; index + COMMON <= text.length; index += 1) {
    const run = text.slice(index, index + COMMON);
    const list = places.get(run);
    if (list) list.push(index);
    else places.set(run, [index]);
  }
  return places;
}

/** The nearest place from which both texts go on together; their ends if there is none. */
function nextCommon(
  left: string,
  at: number,
  right: string,
  otherAt: number,
  places: ReadonlyMap<string, number[]>,
): { at: number; otherAt: number } {
  const ends = sameEnd(left, at, right, otherAt);
  let best = { at: left.length - ends, otherAt: right.length - ends };
  let bestCost = best.otherAt - otherAt <= AHEAD ? (best.at - at) / SKIP_WEIGHT + best.otherAt - otherAt : Infinity;
  if (ends === 0) bestCost = Infinity;
  for (let ahead = 0; ahead <= AHEAD && ahead < bestCost && otherAt + ahead + COMMON <= right.length; ahead += 1) {
    const list = places.get(right.slice(otherAt + ahead, otherAt + ahead + COMMON)) ?? [];
    const place = firstFrom(list, at);
    if (place === undefined) continue;
    const cost = (place - at) / SKIP_WEIGHT + ahead;
    if (cost >= bestCost) continue;
    best = { at: place, otherAt: otherAt + ahead };
    bestCost = cost;
  }
  return best;
}

/** How many characters the texts have in common at their ends, behind these places; at most as many as decide otherwise. */
function sameEnd(left: string, at: number, right: string, otherAt: number): number {
  const max = Math.min(left.length - at, right.length - otherAt, COMMON);
  let length = 0;
  while (length < max && left[left.length - 1 - length] === right[right.length - 1 - length]) length += 1;
  return length;
}

/** The first entry of an ascending list that is not below `min`. */
function firstFrom(list: readonly number[], min: number): number | undefined {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle] ?? 0) < min) low = middle + 1;
    else high = middle;
  }
  return list[low];
}
