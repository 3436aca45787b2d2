/** Faster than anyone speaks: audio of a given length contains at most the text that this pace allows. */
export const FASTEST_MS_PER_CHARACTER = 40;
/** Faster than most voices speak: audio that is this long for its text probably contains all of the text. */
export const ORDINARY_MS_PER_CHARACTER = 50;
