/** Faster than anyone speaks: audio of a length has no more text than this in it. */
export const FASTEST_MS_PER_CHARACTER = 40;
/** Faster than most voices speak: audio that is as long as this is likely to have all of its text in it. */
export const ORDINARY_MS_PER_CHARACTER = 50;
