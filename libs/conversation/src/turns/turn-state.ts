import type { DraftLedger } from './draft-counts';
import type { LastSaid } from './echo';
import type { Memory, PastConversation } from '../memory/memory';
import type { Reply } from './reply';
import type { EndReason } from './turn-event';
import type { TurnPolicy } from './turn-policy';
import type { UserTurn } from './user-turn';
import type { VoiceRun } from './voice-run';

/** The fields that every phase of a running conversation has. */
interface Running {
  policy: TurnPolicy;
  /** The number of the user’s turn that is being spoken or answered, from 1. */
  turn: number;
  memory: Memory;
  /** The notes on messages that the memory has dropped. */
  earlier: readonly string[];
  /** Whether the model has refused the last request. */
  wasRefused: boolean;
  /** The name of whoever speaks into the microphone now, where several people share the conversation. */
  speaker: string | undefined;
  drafts: DraftLedger;
  /** How many words the recent partial transcripts have lacked, up to the number that matters. */
  lag: number;
  /** What the assistant last said aloud. */
  said: LastSaid | undefined;
  /** The voice that the microphone hears now. */
  voice: VoiceRun | undefined;
  /** When the last frame was received, on the monotonic clock. */
  heardAtMs: number;
  /** When either side last spoke, on the monotonic clock. */
  activeAtMs: number;
  /** On the monotonic clock. */
  startedAtMs: number;
  /** Whether the client knows that the conversation is near its maximum length. */
  endingNotified: boolean;
  nextUtterance: number;
  nextReply: number;
}

export interface Idle {
  phase: 'IDLE';
  policy: TurnPolicy;
  /** Set when the conversation is over. It does not start again. */
  ended: EndReason | undefined;
}

/** The user’s turn. `userTurn` is set from the first speech on. */
export interface UserSpeaking extends Running {
  phase: 'USER_SPEAKING';
  userTurn: UserTurn | undefined;
  /** A reply that was prepared while the silence is still running. */
  draft: Reply | undefined;
}

/**
 * What the user says over the assistant while it is undecided whether it interrupts: all speech in the resumable mode, and otherwise
 * speech that ended before it was confirmed.
 */
export interface PendingInterruption {
  /** The turn that these words become if they interrupt. */
  userTurn: UserTurn;
  /** When the assistant was paused, on the monotonic clock. Undefined until the speech is confirmed. */
  pausedAtMs: number | undefined;
  /** Until when words are awaited, on the monotonic clock. Undefined until they were requested. */
  dueAtMs: number | undefined;
}

/** The turn has ended. Its final transcript is awaited (`userTurn` is set; `reply` is a draft), and then the first words of the reply. */
export interface AiProcessing extends Running {
  phase: 'AI_PROCESSING';
  /** Set until the final transcript has arrived. Never set for a typed turn. */
  userTurn: UserTurn | undefined;
  reply: Reply | undefined;
  pendingInterruption: PendingInterruption | undefined;
  /** The end of the turn, on the monotonic clock. */
  turnEndAtMs: number;
  /** The words of the turn while it is not decided whether they are answered. */
  unjudgedText: string | undefined;
}

/** Words of the reply have arrived. It is being written, spoken or still played. */
export interface AiSpeaking extends Running {
  phase: 'AI_SPEAKING';
  reply: Reply;
  ducked: boolean;
  pendingInterruption: PendingInterruption | undefined;
}

export type RunningState = UserSpeaking | AiProcessing | AiSpeaking;
export type TurnState = Idle | RunningState;

export const idle = (policy: TurnPolicy): Idle => ({ phase: 'IDLE', policy, ended: undefined });

/** Whether the reply may still turn out to answer the wrong words, because its turn continues or has no final transcript yet. */
export const isUnconfirmed = (state: RunningState): boolean =>
  state.phase === 'USER_SPEAKING' || (state.phase === 'AI_PROCESSING' && state.userTurn !== undefined);

/** What was said so far, for a conversation that continues this one. */
export const pastOf = ({ phase, turn, memory, earlier }: RunningState): PastConversation => ({
  messages: memory,
  earlier,
  turn: phase === 'USER_SPEAKING' ? turn - 1 : turn,
});

/** The fields that are kept from one phase to the next. */
export const running = (state: RunningState): Running => ({
  policy: state.policy,
  turn: state.turn,
  memory: state.memory,
  earlier: state.earlier,
  wasRefused: state.wasRefused,
  speaker: state.speaker,
  drafts: state.drafts,
  lag: state.lag,
  said: state.said,
  voice: state.voice,
  heardAtMs: state.heardAtMs,
  activeAtMs: state.activeAtMs,
  startedAtMs: state.startedAtMs,
  endingNotified: state.endingNotified,
  nextUtterance: state.nextUtterance,
  nextReply: state.nextReply,
});
