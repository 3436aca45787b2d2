import { type EndOfTurnHint, WORDS_END_OF_TURN, WORDS_HINT } from '@parley/conversation';

/**
 * Judges how much silence ends the user's turn. Asked in one place, by the pipeline conversation, with every frame of a silence; it answers
 * at once and from what it already knows. One per conversation.
 */
export interface TurnDetector extends EndOfTurnHint {
  /** By which journals name it, so that a replay asks the same one. */
  readonly name: string;
  /** For detectors that judge by sound: all that the microphone sends, PCM s16 mono at `INPUT_SAMPLE_RATE_HZ`; read before the call returns. */
  pushAudio?(pcm: Int16Array): void;
}

/** Makes the detector of a conversation. */
export type NewTurnDetector = () => TurnDetector;

/** The detector that needs no model: by the last words and their order. */
export const WORDS_TURN_DETECTOR: TurnDetector = {
  name: WORDS_HINT,
  requiredSilenceMs: (transcript, silenceMs, bounds) => WORDS_END_OF_TURN.requiredSilenceMs(transcript, silenceMs, bounds),
};
