import { NARRATION_LATENCIES, NARRATION_PURPOSES, type NarrationLatency, type NarrationPurpose } from '@parley/protocol';

const KEY = 'parley.studio';

/** What the browser keeps of a draft. */
export interface KeptDraft {
  script: string;
  voices: Readonly<Record<string, string>>;
  latency: NarrationLatency;
  purpose: NarrationPurpose;
}

/** The draft of the last visit; undefined where there is none, where the browser keeps nothing, or where it is of another form. */
export function keptDraft(): KeptDraft | undefined {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? 'null');
    return isDraft(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps the draft for the next visit, where the browser lets it. */
export function keepDraft(draft: KeptDraft): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(draft));
  } catch {
    // Then it is known until the page is reloaded.
  }
}

export function forgetDraft(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Nothing is kept then.
  }
}

function isDraft(value: unknown): value is KeptDraft {
  if (typeof value !== 'object' || value === null) return false;
  const { script, voices, latency, purpose } = value as Partial<Record<keyof KeptDraft, unknown>>;
  return (
    typeof script === 'string' &&
    script.trim() !== '' &&
    typeof voices === 'object' &&
    voices !== null &&
    Object.values(voices).every((voice) => typeof voice === 'string') &&
    NARRATION_LATENCIES.some((known) => known === latency) &&
    NARRATION_PURPOSES.some((known) => known === purpose)
  );
}
