/** What a narration uses where its client has no wish. */
export interface NarrationDefaults {
  voiceId: string;
  /** For live speech. */
  model: string;
}

/** Injection token of `NarrationDefaults`. */
export const NARRATION_DEFAULTS = Symbol('NARRATION_DEFAULTS');
