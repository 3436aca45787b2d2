import type { Random } from './random';
import type { LatencyProfile } from './simulator';

/** One of the profile's delays. */
export type DelayName = Exclude<keyof LatencyProfile, 'jitter'>;

/** Draws a delay in milliseconds: the profile's figure, moved by its jitter. */
export type DrawDelay = (name: DelayName) => number;

/** The delays of a profile; the seed behind `random` decides the jitter. */
export function latencyOf(profile: LatencyProfile, random: Random): DrawDelay {
  return (name) => profile[name] * (1 + profile.jitter * (2 * random() - 1));
}
