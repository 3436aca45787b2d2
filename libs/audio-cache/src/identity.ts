import { createHash } from 'node:crypto';

interface SpeakingIdentity {
  /** Two vendors may use the same names of models and voices, and the simulator uses those of all of them. */
  provider: string;
  model: string;
  /** Language as a BCP-47 tag. */
  language?: string;
  /** Voice settings as the provider takes them. */
  settings?: object;
  seed?: number;
  /** In their order, because an earlier substitution may change what a later one finds. */
  pronunciations?: readonly object[];
  sampleRateHz: number;
  /** The neighbouring text, if the provider takes it into account. */
  previousText?: string;
  nextText?: string;
}

export interface VoiceIdentity extends SpeakingIdentity {
  voiceId: string;
  text: string;
}

export interface DialogueIdentity extends SpeakingIdentity {
  lines: readonly { voiceId: string; text: string }[];
}

/** Everything that decides how spoken audio sounds. */
export type AudioIdentity = VoiceIdentity | DialogueIdentity;

/** Part of every key, so that entries of an earlier form are never read as those of this one. */
const FORM = 'audio/1';

/**
 * The key of the audio: SHA-256 over the identity, as 64 lower-case hexadecimal digits. The order of properties does not matter, and a property
 * that is `undefined` counts as left out. Throws `TypeError` if the identity contains something that JSON cannot express, such as `NaN`.
 */
export function audioKey(identity: AudioIdentity): string {
  return createHash('sha256').update(FORM).update(canonical(identity)).digest('hex');
}

const KEY = /^[0-9a-f]{64}$/;

/** Whether this is a key that `audioKey` could have made. */
export const isAudioKey = (text: string): boolean => KEY.test(text);

function canonical(value: unknown): string {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object') throw new TypeError(`an identity cannot contain ${String(value)}`);
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    // By code units, so that the order is the same in every locale.
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`);
  return `{${fields.join(',')}}`;
}
