import { ValidateBy, type ValidationOptions } from 'class-validator';
import type { EpisodeSpeaker } from '../../wire/narration/episode-api';
import { VOICE_ID } from '../shared-rules';
import { isVoiceSettings } from './voice-settings';

/** The most speakers of an episode. */
export const MAX_SPEAKERS = 50;
const MAX_NAME_LENGTH = 40;

/** Whether `value` names a voice for each of at most 50 speakers. */
export function isSpeakers(value: unknown): value is Record<string, EpisodeSpeaker> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const entries: [string, unknown][] = Object.entries(value);
  return entries.length <= MAX_SPEAKERS && entries.every(([name, speaker]) => isName(name) && isSpeaker(speaker));
}

/** Property decorator: the field has the voices of speakers. */
export function IsSpeakers(options?: ValidationOptions): PropertyDecorator {
  const defaultMessage = (): string =>
    `$property must be an object of at most ${MAX_SPEAKERS} names of up to ${MAX_NAME_LENGTH} characters, each with {voice_id, optional voice_settings}`;
  return ValidateBy({ name: 'isSpeakers', validator: { validate: isSpeakers, defaultMessage } }, options);
}

const isName = (name: string): boolean => name.trim() !== '' && name.length <= MAX_NAME_LENGTH;

function isSpeaker(value: unknown): value is EpisodeSpeaker {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { voice_id, voice_settings } = value as Partial<Record<keyof EpisodeSpeaker, unknown>>;
  const hasVoice = typeof voice_id === 'string' && VOICE_ID.test(voice_id);
  return hasVoice && (voice_settings === undefined || voice_settings === null || isVoiceSettings(voice_settings));
}
