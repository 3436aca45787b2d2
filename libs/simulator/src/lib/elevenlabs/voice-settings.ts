import type { JsonObject } from '../server/json';

const RANGES: Readonly<Record<string, readonly [least: number, most: number]>> = {
  stability: [0, 1],
  similarity_boost: [0, 1],
  style: [0, 1],
  speed: [0.7, 1.2],
};

/** What is wrong with the values of `voice_settings`, or undefined. */
export function voiceSettingsProblem(settings: JsonObject): string | undefined {
  for (const [name, [least, most]] of Object.entries(RANGES)) {
    const value = settings[name] ?? undefined;
    if (value !== undefined && !(typeof value === 'number' && value >= least && value <= most)) {
      return `${name} must be between ${least} and ${most}.`;
    }
  }
  return undefined;
}

/** The speed that the settings ask for; 1 is normal. */
export function speedOf(settings: unknown): number {
  const speed = typeof settings === 'object' && settings !== null && 'speed' in settings ? settings.speed : undefined;
  return typeof speed === 'number' ? speed : 1;
}
