/**
 * About how many tokens a language model counts for `text`: four characters each where letters are Latin, fewer where they are not. An
 * estimate for budgets and counters, never for a bill.
 */
export function estimateTokens(text: string): number {
  let quarters = 0;
  for (const character of text) quarters += character.charCodeAt(0) < LATIN_END ? 1 : QUARTERS_ELSEWHERE;
  return Math.ceil(quarters / 4);
}

/** Behind the last Latin letter in use: from here on a token holds about one and a half characters. */
const LATIN_END = 0x250;
const QUARTERS_ELSEWHERE = 2.5;
