import { BACK_CHANNELS } from '../text/back-channels';

/** The settings of a conversation. Durations are milliseconds of audio when the name says silence or speech, and of the clock otherwise. */
export interface TurnPolicy {
  /** The silence after speech that ends the user’s turn, counted in received audio. */
  endOfTurnSilenceMs: number;
  /** `fixed`: exactly the silence above. `adaptive`: as much silence as the user’s words require. */
  turnTaking: 'fixed' | 'adaptive';
  /** Adaptive: the silence that ends a turn whose words are complete. */
  adaptiveMinSilenceMs: number;
  /** Adaptive: the silence that ends a turn whose words are plainly incomplete. */
  adaptiveMaxSilenceMs: number;
  /** The silence after which a reply is drafted while the turn may still continue. Undefined turns drafts off. */
  draftAfterSilenceMs: number | undefined;
  /**
   * How often per turn a reply may be drafted before that silence, from words that the recogniser may still change. 0 turns early drafts
   * off.
   */
  maxEarlyDrafts: number;
  /** Plainly complete words that have not changed for this long are drafted even while a voice is heard. Counted in received audio. */
  earlyDraftStableMs: number;
  /**
   * Early drafts: how much longer than that silence a recogniser may take to deliver the rest, when its last words are older than the
   * silence.
   */
  partialGraceMs: number;
  /**
   * An utterance of at most this much audio may be ended early, and is heard again from its start if the voice continues. 0 turns this
   * off.
   */
  rejoinAudioMs: number;
  /** A turn with more speech than this is drafted only in its pauses, because long speech usually continues. */
  earlyDraftMaxSpeechMs: number;
  /** The amount of speech that counts as possible speech: it opens an utterance while listening, and lowers the volume of the assistant. */
  candidateSpeechMs: number;
  /** The amount of speech over the assistant that interrupts it, once it is clearly a voice. */
  interruptConfirmMs: number;
  /** `immediate`: confirmed speech interrupts. `resumable`: confirmed speech pauses the assistant, and its words decide. */
  interruptionMode: 'immediate' | 'resumable';
  /** Resumable: how long a paused assistant waits for words. */
  resumeWaitMs: number;
  /** Resumable: what listeners say without wanting to take the turn. */
  backChannels: readonly string[];
  /** A longer gap than this between speech windows ends the run that is counted for `candidateSpeechMs` and `interruptConfirmMs`. */
  runGapMs: number;
  /** A turn with less speech than this, or with nothing that is clearly a voice, is a noise unless it has words. */
  minTurnSpeechMs: number;
  /** The audio before the first speech window that the recogniser gets, so that no first syllable is lost. */
  preRollMs: number;
  /** The user’s turn is ended after this long, whatever is heard. */
  maxUserTurnMs: number;
  /** The conversation is ended after this long, with the reason `server_shutdown`. */
  maxSessionMs: number;
  /** The conversation is ended when neither side has spoken for this long. */
  inactivityTimeoutMs: number;
  /** The user’s turn is ended when no audio has arrived for this long, because the microphone is gone or the page is frozen. */
  audioGapMs: number;
  /** A reply without progress for this long has failed. Longer than every timeout of the stages, including their retries. */
  stallTimeoutMs: number;
  /** How much audio the listener’s player buffers before it starts. Used when the client does not report playback. */
  playerBufferMs: number;
  /** False when there is no voice, so that replies are text only. */
  speech: boolean;
  /** Whether an interrupted reply is forgotten, or its heard part is remembered and marked as interrupted. */
  memoryOnInterruption: 'discard' | 'heard';
  /** The largest number of messages in the history. The oldest are dropped first. */
  maxMemoryMessages: number;
  /** The largest estimated number of tokens in the history. */
  maxMemoryTokens: number;
  systemPrompt: string;
  /** Whether each turn of the user is judged before it is answered, because several people share the conversation. */
  judgesTurns: boolean;
  /** The sentences that are spoken when a stage has failed. */
  fallbackText: Record<Stage, string>;
}

export type Stage = 'stt' | 'llm' | 'tts';

export const DEFAULT_TURN_POLICY: TurnPolicy = {
  endOfTurnSilenceMs: 900,
  turnTaking: 'fixed',
  adaptiveMinSilenceMs: 450,
  adaptiveMaxSilenceMs: 1_500,
  draftAfterSilenceMs: undefined,
  maxEarlyDrafts: 0,
  earlyDraftStableMs: 320,
  partialGraceMs: 80,
  rejoinAudioMs: 8_000,
  earlyDraftMaxSpeechMs: 10_000,
  candidateSpeechMs: 64,
  interruptConfirmMs: 200,
  interruptionMode: 'immediate',
  resumeWaitMs: 600,
  backChannels: Object.values(BACK_CHANNELS).flat(),
  runGapMs: 96,
  minTurnSpeechMs: 200,
  preRollMs: 400,
  maxUserTurnMs: 120_000,
  maxSessionMs: 3_600_000,
  inactivityTimeoutMs: 60_000,
  audioGapMs: 5_000,
  stallTimeoutMs: 15_000,
  playerBufferMs: 300,
  speech: true,
  memoryOnInterruption: 'discard',
  maxMemoryMessages: 60,
  maxMemoryTokens: 3_000,
  systemPrompt: '',
  judgesTurns: false,
  fallbackText: {
    stt: 'Sorry, I could not hear that. Please say it again.',
    llm: 'Sorry, I could not think of an answer just now. Please ask me again.',
    tts: 'Sorry, I lost my voice for a moment. Please ask me again.',
  },
};
