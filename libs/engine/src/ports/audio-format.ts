/** What a conversation hears: PCM s16 mono at this rate. */
export const INPUT_SAMPLE_RATE_HZ = 16_000;
/** Audio from the microphone is looked at in pieces of this length. */
export const FRAME_MS = 20;
export const FRAME_SAMPLES = (INPUT_SAMPLE_RATE_HZ * FRAME_MS) / 1000;
/** What a conversation says: PCM s16 mono at this rate. */
export const OUTPUT_SAMPLE_RATE_HZ = 24_000;
