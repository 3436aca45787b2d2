import type { PastConversation } from '../memory/memory';
import type { EndReason, FailureReason } from '../turns/turn-event';
import type { TurnPolicy } from '../turns/turn-policy';
import type { AgentHistory } from './agent-history';
import type { AgentReply } from './agent-reply';
import type { SpeechEnd } from './speech-end';
import type { StaleAudio } from './stale-audio';

export interface AgentTurnPolicy extends Pick<TurnPolicy, 'inactivityTimeoutMs' | 'maxSessionMs' | 'stallTimeoutMs' | 'playerBufferMs'> {
  /** Whether a new connection greets the user again, because the agent cannot be told not to. */
  greetsAgain: boolean;
  /** Whether each turn of the user is judged before it is answered, because several people share the conversation. */
  judgesTurns: boolean;
}

/** The fields that every phase of a running conversation has. Times are milliseconds of the monotonic clock. */
interface Running {
  policy: AgentTurnPolicy;
  /** The number of the turn that is being spoken or answered, from 1. The greeting of the agent is a turn too. */
  turn: number;
  history: AgentHistory;
  /** `over` means that there is no connection and no further attempt is made. */
  connection: 'opening' | 'open' | 'lost' | 'over';
  /** Whether the agent was connected before. */
  wasConnected: boolean;
  /** Whether the client was told that the connection was lost. */
  isLossNotified: boolean;
  /** The part of the agent’s speech that is kept back. */
  staleAudio: StaleAudio | undefined;
  /** Typed text that the agent may echo as a transcript of the turn that the text began. */
  typed: { turn: number; text: string } | undefined;
  /** The words of the turn while it is not decided whether they are answered. */
  unjudged: { text: string; isTyped: boolean } | undefined;
  /** The user’s words so far, while they are not complete. */
  unfinishedWords: string;
  /** The user’s words to which only an announcement was said when the connection was lost. */
  announcedWords: string | undefined;
  /** The turn of a reply that this server speaks. The agent does not know about it and cannot notice when it is interrupted. */
  localLineTurn: number | undefined;
  /** The past reply that a correction refers to, unless a reply is being spoken. */
  correctable: Pick<AgentReply, 'turn' | 'text'> | undefined;
  speechEnd: SpeechEnd;
  /** Whether the agent may say some last words before it hangs up. */
  isFarewell: boolean;
  /**
   * What follows once the current reply was heard: the agent hangs up, its failure is said aloud, or the conversation ends because of it.
   */
  closing: 'hang_up' | 'notice' | 'failure' | undefined;
  /** Why no further connection is made. */
  failure: FailureReason | undefined;
  /** The greeting that this server has spoken. */
  greetedWith: string | undefined;
  /** Whether the timer `playout` is running. */
  isWatched: boolean;
  /** The time of the last speech from either side. */
  activeAtMs: number;
  startedAtMs: number;
  /** Whether the client knows that the conversation is near its maximum length. */
  endingNotified: boolean;
}

export interface AgentIdle {
  phase: 'IDLE';
  policy: AgentTurnPolicy;
  /** Set when the conversation is over. It does not start again. */
  ended: EndReason | undefined;
}

/** It is the turn of the user. */
export interface AgentListening extends Running {
  phase: 'USER_SPEAKING';
  reply: undefined;
}

/** An answer of the agent is awaited. */
export interface AgentProcessing extends Running {
  phase: 'AI_PROCESSING';
  reply: AgentReply;
}

/** It is the turn of the agent: text or audio of the reply has arrived. */
export interface AgentSpeaking extends Running {
  phase: 'AI_SPEAKING';
  reply: AgentReply;
}

export type AgentAnswering = AgentProcessing | AgentSpeaking;
export type AgentRunning = AgentListening | AgentAnswering;
export type AgentTurnState = AgentIdle | AgentRunning;

export const agentIdle = (policy: AgentTurnPolicy): AgentIdle => ({ phase: 'IDLE', policy, ended: undefined });

/** Whether it is the turn of the agent, or its answer is awaited. */
export const isAnswering = (state: AgentTurnState): state is AgentAnswering =>
  state.phase === 'AI_PROCESSING' || state.phase === 'AI_SPEAKING';

export const isRunning = (state: AgentTurnState): state is AgentRunning => state.phase !== 'IDLE';

/** What was said so far, for a conversation that continues this one. */
export const agentPastOf = (state: AgentRunning): PastConversation => ({
  ...state.history.past,
  turn: state.phase === 'USER_SPEAKING' ? state.turn - 1 : state.turn,
});

/** Whether there is no connection, because it was lost or could never be made. */
export const isCutOff = ({ connection }: AgentRunning): boolean => connection === 'lost' || connection === 'over';

/** Records that the conversation is active, now or at `atMs`. */
export const withActivity = <State extends AgentRunning>(state: State, atMs: number): State => ({
  ...state,
  activeAtMs: Math.max(state.activeAtMs, atMs),
});

/** The words of the user that must be sent again to a new connection, because no answer to them was heard. */
export function unansweredWords({ reply, announcedWords }: AgentRunning): string | undefined {
  return (reply && reply.spoken.producedMs === 0 ? reply.userText : undefined) ?? announcedWords;
}
