/** Version of the client protocol, sent in `connection_established`. */
export const PROTOCOL_VERSION = 1;

/** Path of the conversation endpoint. */
export const WS_PATH = '/ws';
/** Path of the endpoint where an `agent` conversation with JSON audio starts by itself. */
export const WS_AGENT_PATH = '/ws/agent';

/** Path of the endpoint that speaks text as it is written. */
export const WS_NARRATION_PATH = '/ws/narration';

/** Rate of what the client sends: PCM s16le, mono. */
export const INPUT_SAMPLE_RATE_HZ = 16_000;
/** Duration of one input frame. */
export const FRAME_MS = 20;
/** Samples in one input frame. */
export const FRAME_SAMPLES = (INPUT_SAMPLE_RATE_HZ * FRAME_MS) / 1000;
/** Size of one input frame: 640 bytes. */
export const FRAME_BYTES = FRAME_SAMPLES * 2;
/** A binary message holds at most this many whole frames (2 s). */
export const MAX_FRAMES_PER_MESSAGE = 100;
/** Largest binary message from the client that is taken as audio. */
export const MAX_AUDIO_MESSAGE_BYTES = MAX_FRAMES_PER_MESSAGE * FRAME_BYTES;

/** Rate of what the server sends: PCM s16le, mono, announced in `conversation_started`. */
export const OUTPUT_SAMPLE_RATE_HZ = 24_000;

/** Longest `text_message`, in characters. */
export const MAX_TEXT_LENGTH = 4_000;
/** Longest `system_prompt` of a `start_conversation`, in characters. */
export const MAX_SYSTEM_PROMPT_LENGTH = 16_000;
/** Longest piece of text in one `text` message of a narration, in characters. */
export const MAX_NARRATION_PIECE_LENGTH = 20_000;
/** Longest text of a whole narration over the socket, in characters. */
export const MAX_NARRATION_LENGTH = 500_000;
/** Longest script of an episode, in characters. */
export const MAX_SCRIPT_LENGTH = 100_000;

/** Largest message in bytes; what is longer ends the connection with 1009. */
export const MAX_MESSAGE_BYTES = 1_048_576;
/**
 * Largest message in bytes before the conversation has started, and largest one that is no audio: a start with the longest system prompt,
 * each of its characters written as two escapes, and room for the rest.
 */
export const MAX_CONTROL_MESSAGE_BYTES = MAX_SYSTEM_PROMPT_LENGTH * 12 + 4_608;

/** WebSocket close codes the server uses. */
export const CloseCode = {
  normal: 1000,
  draining: 1001,
  refused: 1008,
  tooBig: 1009,
  internal: 1011,
  tryAgainLater: 1013,
} as const;
