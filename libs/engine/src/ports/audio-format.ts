/** The user's audio is 16-bit mono PCM at this rate. */
export const INPUT_SAMPLE_RATE_HZ = 16_000;
/** Audio from the microphone is processed in frames of this length. */
export const FRAME_MS = 20;
export const FRAME_SAMPLES = (INPUT_SAMPLE_RATE_HZ * FRAME_MS) / 1000;
/** The assistant's audio is 16-bit mono PCM at this rate. */
export const OUTPUT_SAMPLE_RATE_HZ = 24_000;
