/** Version of the client protocol, sent in `connection_established`. */
export const PROTOCOL_VERSION = 1;

export const WS_PATH = '/ws';

/** What the client sends: PCM s16le, mono. */
export const INPUT_SAMPLE_RATE_HZ = 16_000;
/** Duration of one input frame. */
export const FRAME_MS = 20;
export const FRAME_SAMPLES = (INPUT_SAMPLE_RATE_HZ * FRAME_MS) / 1000;
/** 640 bytes. */
export const FRAME_BYTES = FRAME_SAMPLES * 2;
/** A binary message holds at most this many whole frames (2 s). */
export const MAX_FRAMES_PER_MESSAGE = 100;
export const MAX_AUDIO_MESSAGE_BYTES = MAX_FRAMES_PER_MESSAGE * FRAME_BYTES;

/** What the server sends: PCM s16le, mono, announced in `conversation_started`. */
export const OUTPUT_SAMPLE_RATE_HZ = 24_000;

/** Longest `text_message`, in characters. */
export const MAX_TEXT_LENGTH = 4_000;

/** WebSocket close codes the server uses. */
export const CloseCode = {
  normal: 1000,
  draining: 1001,
  refused: 1008,
  tooBig: 1009,
  internal: 1011,
} as const;
