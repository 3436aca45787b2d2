/**
 * What a client sends, written down once more: tests hold a server to the protocol's text, not to the constants it shares with the page, and
 * the browser suites cannot load the protocol's decorated classes.
 */
export const FRAME_MS = 20;
/** Of 16 kHz. */
export const FRAME_SAMPLES = 320;
