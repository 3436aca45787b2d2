import { integerBetween, type Random } from '../random';
import type { Fault } from './fault';

/** The fault at one place, where it says only from where up to where it may come. */
export function placed<F extends Fault>(fault: F, random: Random): F {
  if (!('upTo' in fault) || fault.upTo === undefined) return fault;
  const { afterFrames = 0, afterBytes, upTo } = fault;
  const place = integerBetween(random, afterBytes ?? afterFrames, upTo);
  return { ...fault, ...(afterBytes === undefined ? { afterFrames: place } : { afterBytes: place }) };
}
