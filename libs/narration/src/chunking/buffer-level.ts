/** How much audio the listener has ahead: shorter chunks help while it is low, longer ones sound better while it is high. */
export type BufferLevel = 'low' | 'normal' | 'high';

/** Below the first the level becomes low, and stays so up to the second. In milliseconds of audio. */
const LOW_BELOW_MS = 1_000;
const LOW_UNTIL_MS = 2_500;
/** Above the first the level becomes high, and stays so down to the second. */
const HIGH_ABOVE_MS = 6_000;
const HIGH_UNTIL_MS = 4_000;

/** The level for `bufferedMs` of audio that the listener has not heard yet. It changes later than it changed, so that it does not alternate. */
export function bufferLevel(bufferedMs: number, before: BufferLevel): BufferLevel {
  if (bufferedMs < (before === 'low' ? LOW_UNTIL_MS : LOW_BELOW_MS)) return 'low';
  if (bufferedMs > (before === 'high' ? HIGH_UNTIL_MS : HIGH_ABOVE_MS)) return 'high';
  return 'normal';
}
