/** What a narration uses where its client has no wish. */
export interface NarrationDefaults {
  voiceId: string;
  /** For live speech. */
  model: string;
}

/** The model for live speech: the fastest one that takes text piece by piece. */
export const LIVE_MODEL = 'eleven_flash_v2_5';

/** Injection token of `NarrationDefaults`. */
export const NARRATION_DEFAULTS = Symbol('NARRATION_DEFAULTS');
