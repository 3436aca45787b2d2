import { MAX_AUDIO_MESSAGE_BYTES } from './constants';

/** What is wrong with the size of a binary audio message, or `ok`. Everything but `ok` is answered with `invalid_audio`. */
export type InputAudioCheck = 'ok' | 'empty' | 'odd' | 'too_large';

/**
 * Judges a binary message from the client by its size alone: PCM s16le has no other shape that could be wrong.
 * An even count that is no whole number of 20 ms frames is `ok`: the page refuses only odd, empty and oversize messages,
 * and the framer behind this check joins what is left over to the next message.
 */
export function checkInputAudio(byteLength: number): InputAudioCheck {
  if (byteLength === 0) return 'empty';
  if (byteLength > MAX_AUDIO_MESSAGE_BYTES) return 'too_large';
  return byteLength % 2 === 0 ? 'ok' : 'odd';
}
