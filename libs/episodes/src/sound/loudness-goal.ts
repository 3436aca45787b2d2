/** What podcast apps expect of an episode. */
export interface LoudnessGoal {
  /** Integrated loudness by ITU-R BS.1770-4. Default -16. */
  readonly targetLufs?: number;
  /** The highest true peak. Default -1.5. */
  readonly ceilingDbtp?: number;
}

export const TARGET_LUFS = -16;
export const CEILING_DBTP = -1.5;
/** The least loudness reported, also of silence: the absolute gate of BS.1770-4. */
export const SILENCE_LUFS = -70;
