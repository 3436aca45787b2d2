import { FRAME_MS, MAX_FRAMES_PER_MESSAGE } from '@parley/protocol';

/** The problem with audio that a client sent. */
export interface AudioRefusal {
  ok: false;
  code: 'invalid_audio' | 'unsupported_format';
  message: string;
}

/** Receives PCM s16 mono 16 kHz. The receiver owns the array. */
export type TakePcm = (pcm: Int16Array) => void;

/** Audio that a client sent. Expensive work such as decoding is done when it is delivered. */
export interface AcceptedAudio {
  ok: true;
  durationMs: number;
  /** The milliseconds that the rate limit counts: the duration, or more when handling the message is more expensive. */
  costMs: number;
  /** A problem with an earlier message that this one reveals, or with a part of this one that was left out. */
  earlier?: AudioRefusal;
  /** Passes the audio on, at once or as soon as it is decoded. Audio that is not delivered is lost; later audio is not affected. */
  deliver: (take: TakePcm) => void;
}

/** Audio of a client, or the problem with it. */
export type DecodedAudio = AcceptedAudio | AudioRefusal;

/** The longest audio of one message. */
export const MAX_DURATION_MS = MAX_FRAMES_PER_MESSAGE * FRAME_MS;

export const invalid = (message: string): AudioRefusal => ({ ok: false, code: 'invalid_audio', message });
export const EMPTY = invalid('The audio message is empty.');
export const TOO_LONG = invalid('The audio message is longer than 2 seconds.');
