import { ValidateBy, type ValidationOptions } from 'class-validator';
import type { NarrationVoiceSettings } from '../../wire/narration/narration-client-messages';

const RANGES: Readonly<Record<keyof NarrationVoiceSettings, readonly [least: number, most: number]>> = {
  stability: [0, 1],
  similarity: [0, 1],
  style: [0, 1],
  speed: [0.7, 1.2],
};

/** Whether `value` has voice settings and nothing else, each within its range. */
export function isVoiceSettings(value: unknown): value is NarrationVoiceSettings {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(([name, setting]) => {
    if (!Object.hasOwn(RANGES, name)) return false;
    const [least, most] = RANGES[name as keyof NarrationVoiceSettings];
    return typeof setting === 'number' && setting >= least && setting <= most;
  });
}

/** Property decorator: the field has the settings of a voice. */
export function IsVoiceSettings(options?: ValidationOptions): PropertyDecorator {
  const ranges = Object.entries(RANGES).map(([name, [least, most]]) => `${name} from ${least} to ${most}`);
  const defaultMessage = (): string => `$property must be an object with numbers for any of: ${ranges.join(', ')}`;
  return ValidateBy({ name: 'isVoiceSettings', validator: { validate: isVoiceSettings, defaultMessage } }, options);
}
