import { FRAME_MS, MAX_FRAMES_PER_MESSAGE } from '@parley/protocol';

/** What is wrong with audio that a client sent. */
export interface AudioRefusal {
  ok: false;
  code: 'invalid_audio' | 'unsupported_format';
  message: string;
}

/** PCM s16 mono 16 kHz. The array belongs to whoever takes it. */
export type TakePcm = (pcm: Int16Array) => void;

/** Audio that a client sent; what takes time is done when it is delivered. */
export interface AcceptedAudio {
  ok: true;
  durationMs: number;
  /** What the rate limit counts: the duration, or more where handling the message costs more. */
  costMs: number;
  /** What was wrong with an earlier message, as this one shows, or with a part of this one that was left out. */
  earlier?: AudioRefusal;
  /** Hands it on, at once or as soon as it is decoded. Audio that is not delivered is lost, and what comes after it goes on. */
  deliver: (take: TakePcm) => void;
}

/** Audio of a client, or what is wrong with it. */
export type DecodedAudio = AcceptedAudio | AudioRefusal;

/** The longest audio of one message. */
export const MAX_DURATION_MS = MAX_FRAMES_PER_MESSAGE * FRAME_MS;

export const invalid = (message: string): AudioRefusal => ({ ok: false, code: 'invalid_audio', message });
export const EMPTY = invalid('The audio message is empty.');
export const TOO_LONG = invalid('The audio message is longer than 2 seconds.');
