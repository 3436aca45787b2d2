import type { EpisodeVoice, StoredVoiceSettings } from '../storage';

/** Which voice speaks for whom. The names of speakers are the same in upper and lower case. */
export class VoiceChoice {
  readonly #voices = new Map<string, { name: string; voice: EpisodeVoice }>();

  constructor(readonly fallback: EpisodeVoice) {}

  /** The first voice that a speaker is given counts. */
  set(name: string, voice: EpisodeVoice): void {
    const key = speakerKey(name);
    if (!this.#voices.has(key)) this.#voices.set(key, { name, voice });
  }

  of(name: string): EpisodeVoice | undefined {
    return this.#voices.get(speakerKey(name))?.voice;
  }

  get names(): string[] {
    return [...this.#voices.values()].map(({ name }) => name);
  }

  /** By the names as they were given. */
  record(): Record<string, EpisodeVoice> {
    return Object.fromEntries([...this.#voices.values()].map(({ name, voice }) => [name, voice]));
  }
}

export function voiceOf(voiceId: string, settings: StoredVoiceSettings | undefined): EpisodeVoice {
  return { voiceId, ...(settings && { settings }) };
}

/** What is the same for all spellings of a speaker's name. */
export const speakerKey = (name: string): string => name.trim().replace(/\s+/gu, ' ').toUpperCase();
