const ONES =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = ['', '', ...'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ')];
const SCALES: readonly (readonly [number, string])[] = [
  [1e9, 'billion'],
  [1e6, 'million'],
  [1e3, 'thousand'],
  [100, 'hundred'],
];
const LARGEST = 1e12;

/** A number as one says it, with at most two decimals: `8.05` is "eight point zero five". */
export function sayNumber(value: number): string {
  if (!Number.isFinite(value) || Math.abs(value) >= LARGEST) return 'a number too large to say';
  const rounded = roundForSpeech(value);
  if (rounded < 0) return `minus ${sayNumber(-rounded)}`;
  const whole = Math.trunc(rounded);
  const decimals = rounded.toFixed(2).split('.')[1].replace(/0+$/, '');
  const digits = [...decimals].map((digit) => ONES[Number(digit)]);
  return digits.length === 0 ? sayWhole(whole) : `${sayWhole(whole)} point ${digits.join(' ')}`;
}

/** The number as `sayNumber` says it; differs from `value` when that has more decimals. */
export function roundForSpeech(value: number): number {
  const rounded = Math.round(value * 100) / 100;
  return rounded === 0 ? 0 : rounded;
}

/** `2026` as "twenty twenty six", the way years are said. */
export function sayYear(year: number): string {
  const century = Math.trunc(year / 100);
  const rest = year % 100;
  if (year < 1000 || year > 9999 || (century % 10 === 0 && rest < 10)) return sayWhole(year);
  if (rest === 0) return `${sayWhole(century)} hundred`;
  return `${sayWhole(century)} ${rest < 10 ? `oh ${ONES[rest]}` : sayWhole(rest)}`;
}

function sayWhole(value: number): string {
  if (value < 20) return ONES[value];
  if (value < 100) return [TENS[Math.trunc(value / 10)], ...(value % 10 === 0 ? [] : [ONES[value % 10]])].join(' ');
  for (const [size, name] of SCALES) {
    if (value < size) continue;
    const rest = value % size;
    const head = `${sayWhole(Math.trunc(value / size))} ${name}`;
    if (rest === 0) return head;
    return rest < 100 ? `${head} and ${sayWhole(rest)}` : `${head} ${sayWhole(rest)}`;
  }
  return '';
}

/** Replaces every number said in words by digits: "a hundred and five miles" becomes "105 miles". Takes a normalised sentence. */
export function digitsForWords(sentence: string): string {
  const words = sentence.split(' ');
  const result: string[] = [];
  for (let at = 0; at < words.length;) {
    const number = readNumber(words, at);
    if (number === undefined) result.push(words[at++]);
    else {
      result.push(String(number.value));
      at = number.next;
    }
  }
  return result.join(' ');
}

interface NumberRead {
  value: number;
  next: number;
}

/** The longest number that starts at `at`. */
function readNumber(words: readonly string[], at: number): NumberRead | undefined {
  if (words[at] === 'half' || (words[at] === 'a' && words[at + 1] === 'half'))
    return { value: 0.5, next: words[at] === 'a' ? at + 2 : at + 1 };
  const whole = readWhole(words, at);
  return whole === undefined ? undefined : readDecimals(words, whole);
}

/** Groups as in "two million three hundred and five thousand": each group is below a thousand times its scale. */
function readWhole(words: readonly string[], at: number): NumberRead | undefined {
  let total = 0;
  let group: number | undefined;
  let next = at;
  while (next < words.length) {
    const joined = words[next] === 'and' && (total > 0 || (group ?? 0) >= 100);
    const from = joined ? next + 1 : next;
    const small = group === undefined || group % 100 === 0 ? readBelowHundred(words, from) : undefined;
    const scale = SCALES.find(([, name]) => name === words[next])?.[0];
    if (small !== undefined && (group === undefined || small.value < 100)) {
      group = (group ?? 0) + small.value;
      next = small.next;
    } else if (group === undefined && total === 0 && words[next] === 'a' && SCALES.some(([, name]) => name === words[next + 1])) {
      group = 1;
      next++;
    } else if (scale === 100 && group !== undefined && group < 100) {
      group *= 100;
      next++;
    } else if (scale !== undefined && scale > 100 && group !== undefined && (total === 0 || total % (scale * 1000) === 0)) {
      total += group * scale;
      group = undefined;
      next++;
    } else break;
  }
  return next === at ? undefined : { value: total + (group ?? 0), next };
}

/** A number in digits (of any size), a word below twenty, or tens with or without ones. */
function readBelowHundred(words: readonly string[], at: number): NumberRead | undefined {
  const word = words.at(at);
  if (word === undefined) return undefined;
  if (/^\d+(\.\d+)?$/.test(word)) return { value: Number(word), next: at + 1 };
  const one = ONES.indexOf(word);
  if (one >= 0) return { value: one, next: at + 1 };
  const ten = TENS.indexOf(word);
  if (ten < 2) return undefined;
  const after = ONES.indexOf(words.at(at + 1) ?? '');
  return after >= 1 && after <= 9 ? { value: ten * 10 + after, next: at + 2 } : { value: ten * 10, next: at + 1 };
}

function readDecimals(words: readonly string[], whole: NumberRead): NumberRead {
  if (words[whole.next] !== 'point') return whole;
  let digits = '';
  let next = whole.next + 1;
  for (; next < words.length; next++) {
    const digit = /^\d$/.test(words[next]) ? Number(words[next]) : ONES.indexOf(words[next]);
    if (digit < 0 || digit > 9) break;
    digits += digit;
  }
  return digits === '' ? whole : { value: Number(`${whole.value}.${digits}`), next };
}
