/**
 * About how many tokens a language model counts for `text`: one for four characters of Latin script, and one for fewer characters of other
 * scripts. An estimate for budgets and counters, not for billing.
 */
export function estimateTokens(text: string): number {
  let quarters = 0;
  for (const character of text) quarters += character.charCodeAt(0) < LATIN_END ? 1 : QUARTERS_ELSEWHERE;
  return Math.ceil(quarters / 4);
}

/** The first code point after the Latin letters in use. From here on, a token holds about one and a half characters. */
const LATIN_END = 0x250;
const QUARTERS_ELSEWHERE = 2.5;
