/**
 * The format of a client's audio frames, repeated here: tests check the server against the protocol's text, not against the constants it
 * shares with the page, and the browser suites cannot load the protocol's decorated classes.
 */
export const FRAME_MS = 20;
/** Of 16 kHz. */
export const FRAME_SAMPLES = 320;
