import { type EndOfTurnHint, WORDS_END_OF_TURN, WORDS_HINT } from '@parley/conversation';

/**
 * Judges how much silence ends the user's turn. The pipeline conversation asks it with every frame of silence, and nobody else does. It
 * answers at once, from what it already knows. One per conversation.
 */
export interface TurnDetector extends EndOfTurnHint {
  /** The name in journals, so that a replay uses the same detector. */
  readonly name: string;
  /** All audio of the microphone, for detectors that judge by sound: 16-bit mono PCM at `INPUT_SAMPLE_RATE_HZ`. It is read before the call returns. */
  pushAudio?(pcm: Int16Array): void;
}

/** Makes the detector of a conversation. */
export type NewTurnDetector = () => TurnDetector;

/** The detector that needs no model. It judges by the last words and their order. */
export const WORDS_TURN_DETECTOR: TurnDetector = {
  name: WORDS_HINT,
  requiredSilenceMs: (transcript, silenceMs, bounds) => WORDS_END_OF_TURN.requiredSilenceMs(transcript, silenceMs, bounds),
};
