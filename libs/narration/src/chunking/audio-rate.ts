/** Sample rates of speech in Hz that a narration can be sent at, best first. */
export const NARRATION_RATES = [24_000, 16_000, 8_000] as const;

export type NarrationRate = (typeof NARRATION_RATES)[number];

/** 16-bit mono. */
const BYTES_PER_SAMPLE = 2;
/** A line must carry a rate this much faster than it is played, so that the buffer stays full. */
const NEEDED = 1.25;
/** A better rate is taken only if the line carries it this much faster, so that the rate does not alternate. */
const NEEDED_TO_RAISE = 2;

/**
 * The sample rate for a line that carries `lineSpeed` bytes of audio per second. `current` is the rate in use. Falls as far as the speed asks
 * for, rises only with room to spare. Without a measurement (`undefined`) the rate stays.
 */
export function audioRateFor(lineSpeed: number | undefined, current: NarrationRate = NARRATION_RATES[0]): NarrationRate {
  if (lineSpeed === undefined || !Number.isFinite(lineSpeed) || lineSpeed < 0) return current;
  const carried = NARRATION_RATES.find((rate) => lineSpeed >= rate * BYTES_PER_SAMPLE * (rate > current ? NEEDED_TO_RAISE : NEEDED));
  return carried ?? NARRATION_RATES[NARRATION_RATES.length - 1] ?? current;
}
