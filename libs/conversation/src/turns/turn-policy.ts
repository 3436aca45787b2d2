import { BACK_CHANNELS } from '../text/back-channels';

/** The settings of a conversation. Durations are milliseconds of audio when the name says silence or speech, and of the clock otherwise. */
export interface TurnPolicy {
  /** Silence after speech that ends the user's turn, counted in received audio. */
  endOfTurnSilenceMs: number;
  /** `fixed`: the silence above, exactly. `adaptive`: as long as the user's words ask for. */
  turnTaking: 'fixed' | 'adaptive';
  /** Adaptive: silence that ends a turn whose words are complete. */
  adaptiveMinSilenceMs: number;
  /** Adaptive: silence that ends a turn whose words are plainly not complete. */
  adaptiveMaxSilenceMs: number;
  /** Silence after which a reply is drafted while the turn may still go on; `undefined` drafts nothing. */
  draftAfterSilenceMs: number | undefined;
  /** How often in one user turn a reply may be drafted before that silence, from words that the recogniser may still change; 0 never. */
  maxEarlyDrafts: number;
  /** Words that have stayed the same for this long and are plainly complete are drafted even while a voice is heard. Received audio. */
  earlyDraftStableMs: number;
  /** Early drafts: how much longer than that silence a recogniser whose last words are from before it may take to bring the rest of them. */
  partialGraceMs: number;
  /** An utterance of up to this much audio may be ended early, and heard again from its start where its voice goes on; 0 never. */
  rejoinAudioMs: number;
  /** A turn with more speech than this is drafted in its pauses only: who speaks for long goes on, mostly. */
  earlyDraftMaxSpeechMs: number;
  /** Speech that makes a candidate: opens an utterance while listening, ducks the assistant while it speaks. */
  candidateSpeechMs: number;
  /** Speech over the assistant that interrupts it, as soon as it is surely a voice. */
  interruptConfirmMs: number;
  /** `immediate`: confirmed speech interrupts. `resumable`: it pauses the assistant, and its words decide. */
  interruptionMode: 'immediate' | 'resumable';
  /** Resumable: how long a paused assistant waits for words. */
  resumeWaitMs: number;
  /** Resumable: what a listener says without wanting the word. */
  backChannels: readonly string[];
  /** A gap longer than this between speech windows ends the run that is being counted towards the two above. */
  runGapMs: number;
  /** A turn with less speech than this is a noise and is dropped, as is one with nothing that is surely a voice. */
  minTurnSpeechMs: number;
  /** Audio from before the first speech window that the recogniser gets, so that no first syllable is lost. */
  preRollMs: number;
  /** A user turn is ended after this long, whatever is heard. */
  maxUserTurnMs: number;
  /** A conversation is ended after this long, with `server_shutdown`. */
  maxSessionMs: number;
  /** No speech from either side for this long ends the conversation. */
  inactivityTimeoutMs: number;
  /** An open user turn ends when no audio at all has come for this long (microphone gone, page frozen). */
  audioGapMs: number;
  /** A reply that makes no progress for this long has failed. Above every watchdog of the stages, retry included. */
  stallTimeoutMs: number;
  /** What a listener's player buffers before it starts; used where the client reports no playback. */
  playerBufferMs: number;
  /** False where no voice is to be had: replies are text only. */
  speech: boolean;
  /** Whether an interrupted reply is forgotten, or what was heard of it is remembered, marked as interrupted. */
  memoryOnInterruption: 'discard' | 'heard';
  /** History is bounded by this many messages, the oldest go first... */
  maxMemoryMessages: number;
  /** ...and by this many tokens, as they are estimated. */
  maxMemoryTokens: number;
  systemPrompt: string;
  /** What is said when a stage has failed. */
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
  fallbackText: {
    stt: 'Sorry, I could not hear that. Please say it again.',
    llm: 'Sorry, I could not think of an answer just now. Please ask me again.',
    tts: 'Sorry, I lost my voice for a moment. Please ask me again.',
  },
};
