import type { EndReason, FailureReason } from '../turns/turn-event';
import type { TurnPolicy } from '../turns/turn-policy';
import type { AgentHistory } from './agent-history';
import type { AgentReply } from './agent-reply';
import type { SpeechEnd } from './speech-end';
import type { StaleAudio } from './stale-audio';

export interface AgentTurnPolicy extends Pick<TurnPolicy, 'inactivityTimeoutMs' | 'maxSessionMs' | 'stallTimeoutMs' | 'playerBufferMs'> {
  /** Whether an agent that is connected again greets again, because it cannot be told not to. */
  greetsAgain: boolean;
}

/** The fields that every phase of a running conversation has. Times are milliseconds of the monotonic clock. */
interface Running {
  policy: AgentTurnPolicy;
  /** Number of the turn that is being spoken or answered. From 1; the agent's greeting is one. */
  turn: number;
  history: AgentHistory;
  /** `over`: there is no connection and will be none. */
  connection: 'opening' | 'open' | 'lost' | 'over';
  /** Whether the agent was there before. */
  wasConnected: boolean;
  /** Whether the client was told of the connection's loss. */
  isLossTold: boolean;
  /** What is kept back of what the agent says. */
  staleAudio: StaleAudio | undefined;
  /** Typed text that the agent may hand back as a transcript of the turn it began. */
  typed: { turn: number; text: string } | undefined;
  /** What the user has begun to say. */
  unfinishedWords: string;
  /** The user's words to which no more than an announcement was said when the connection was lost. */
  announcedTo: string | undefined;
  /** The turn of a reply of which the agent does not know that it is being spoken: it will not notice when it is interrupted. */
  saidHereTurn: number | undefined;
  /** The past reply that a correction is about, unless one is being spoken. */
  corrigible: Pick<AgentReply, 'turn' | 'text'> | undefined;
  speechEnd: SpeechEnd;
  /** The agent may say some last words; it need not. */
  isFarewell: boolean;
  /** What follows when the reply in hand has been heard: the agent hangs up, its failure is said aloud, or it ends the conversation. */
  closing: 'hang_up' | 'notice' | 'failure' | undefined;
  /** Why there will be no connection. */
  failure: FailureReason | undefined;
  /** What this server has greeted the user with. */
  greetedWith: string | undefined;
  /** Whether the timer `playout` runs. */
  isWatched: boolean;
  /** Last speech from either side. */
  activeAtMs: number;
  startedAtMs: number;
  /** Whether the client knows that the conversation is near its greatest length. */
  endingTold: boolean;
}

export interface AgentIdle {
  phase: 'IDLE';
  policy: AgentTurnPolicy;
  /** Set when the conversation is over; it does not start again. */
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

/** Whether there is no connection, because it was lost or could never be made. */
export const isCutOff = ({ connection }: AgentRunning): boolean => connection === 'lost' || connection === 'over';

/** Records that the conversation is active, now or at `atMs`. */
export const withActivity = <State extends AgentRunning>(state: State, atMs: number): State => ({
  ...state,
  activeAtMs: Math.max(state.activeAtMs, atMs),
});

/** The words of the user that must be sent again to a new connection, because no answer to them was heard. */
export function unansweredWords({ reply, announcedTo }: AgentRunning): string | undefined {
  return (reply && reply.spoken.producedMs === 0 ? reply.userText : undefined) ?? announcedTo;
}
