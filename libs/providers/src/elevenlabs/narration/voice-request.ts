import type { NarrationVoice, VoiceSettings } from '../../ports/narration';
import { ProviderError } from '../../ports/provider-error';
import { ELEVEN_LABS } from '../eleven-labs-errors';
import { languageFor } from '../model-languages';
import { modelTraits } from '../model-traits';

const LARGEST_SEED = 4_294_967_295;

/** Returns the stability that a model takes: v3 takes only 0, 0.5 and 1, of which the nearest is used. */
export const vendorStability = (model: string, stability: number | undefined): number | undefined =>
  stability !== undefined && model.startsWith('eleven_v3') ? Math.round(stability * 2) / 2 : stability;

/** Returns the settings with the names of the vendor, or undefined if all of them are the vendor's own. */
export function vendorSettings(model: string, settings: VoiceSettings = {}): Record<string, number> | undefined {
  const { stability, similarity, style, speed } = settings;
  const all = { stability: vendorStability(model, stability), similarity_boost: similarity, style, speed };
  const given = Object.entries(all).filter((entry): entry is [string, number] => entry[1] !== undefined);
  return given.length === 0 ? undefined : Object.fromEntries(given);
}

/** Returns the language code to send, or undefined if the model does not take one. */
export const vendorLanguage = (model: string, language: string | undefined): string | undefined =>
  modelTraits(model).takesLanguage ? languageFor(model, language) : undefined;

/** An error for a request that the vendor would refuse. It is thrown before anything is sent, so nothing is billed. */
export const refused = (reason: string): ProviderError => new ProviderError(ELEVEN_LABS, 'invalid_request', reason);

/** Throws if the vendor would refuse the settings. */
export function checkVoice({ settings = {}, seed }: Pick<NarrationVoice, 'settings' | 'seed'>): void {
  const { stability, similarity, style, speed } = settings;
  for (const [name, value] of Object.entries({ stability, similarity, style })) {
    if (value !== undefined && !(value >= 0 && value <= 1)) throw refused(`${name} must be from 0 to 1`);
  }
  if (speed !== undefined && !(speed >= 0.7 && speed <= 1.2)) throw refused('speed must be from 0.7 to 1.2');
  if (seed !== undefined && !(Number.isInteger(seed) && seed >= 0 && seed <= LARGEST_SEED)) {
    throw refused(`seed must be a whole number from 0 to ${LARGEST_SEED}`);
  }
}

const SHORTEST_CHUNK = 50;
const LONGEST_CHUNK = 500;

/** Throws if the vendor would refuse the schedule. */
export function checkSchedule(schedule: readonly number[] | undefined): void {
  if (schedule === undefined) return;
  const fits = (length: number) => Number.isInteger(length) && length >= SHORTEST_CHUNK && length <= LONGEST_CHUNK;
  if (schedule.length > 0 && schedule.every(fits)) return;
  throw refused(`a chunk schedule needs whole numbers from ${SHORTEST_CHUNK} to ${LONGEST_CHUNK}`);
}
