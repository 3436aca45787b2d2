import type { ProviderError } from './provider-error';
import type { ProviderInfo } from './provider-info';
import type { CharacterAlignment } from './text-to-speech';

/** What a conversation may want otherwise than the agent was configured. */
export interface VoiceAgentOverrides {
  prompt?: string;
  /** What the agent says before it was spoken to; empty: nothing. */
  firstMessage?: string;
  /** BCP-47. */
  language?: string;
  voiceId?: string;
}

/** The name of an override. */
export type VoiceAgentOverride = keyof VoiceAgentOverrides;

export interface VoiceAgentOptions {
  /** Those that are not among `VoiceAgent.overridable` are left out. */
  overrides: VoiceAgentOverrides;
  /** Rate of the PCM in `audio` events. */
  outputSampleRateHz: number;
}

/** What a hosted agent tells, in the order in which it came. */
export type VoiceAgentEvent =
  /** What the user was heard to say: cumulative and may be rewritten until `isFinal`. */
  | { type: 'user_transcript'; text: string; isFinal: boolean }
  /** A piece of the reply's text as it is written; the whole of it still follows. */
  | { type: 'reply_text_part'; text: string }
  /** The whole text of a reply, about when its audio begins. */
  | { type: 'reply_text'; text: string }
  /** How much of the reply that was interrupted (`original`: its whole text) the agent takes to have been heard. */
  | { type: 'reply_corrected'; original: string; text: string }
  /** PCM s16 mono at the rate asked for, never empty; the receiver's to keep. `alignment` counts from the start of this piece. */
  | { type: 'audio'; pcm: Int16Array; alignment?: CharacterAlignment }
  /** The agent stopped itself because the user speaks. No audio of what it was saying comes after this. */
  | { type: 'interrupted' }
  /** To be answered with `toolResult`. */
  | { type: 'tool_called'; callId: string; name: string; parameters: Readonly<Record<string, unknown>> }
  /** The agent is about to hang up: audio may still come. */
  | { type: 'hanging_up' }
  /** Round trip as the vendor measured it. */
  | { type: 'latency'; roundTripMs: number }
  /** Once, the last event of all, unless the session was closed from here: the agent hung up, or the session failed. */
  | { type: 'ended'; by: 'agent' }
  | { type: 'ended'; by: 'failure'; error: ProviderError };

/** Called for each event as it comes off the wire, so that no hop adds a turn of the event loop. Must not throw. */
export type VoiceAgentListener = (event: VoiceAgentEvent) => void;

/** How a client tool went. */
export interface VoiceAgentToolResult {
  callId: string;
  result: string;
  isError: boolean;
}

/** One conversation with a hosted agent. Every call is a no-op once it has ended. Closed by whoever opened it. */
export interface VoiceAgentSession {
  /** PCM s16 mono 16 kHz, any length; encoded before the call returns. While nothing is pushed, the agent is sent silence. */
  pushAudio(pcm: Int16Array): void;
  /** A typed user turn. */
  sendText(text: string): void;
  /** Something the agent should know, without answering it. */
  contextualUpdate(text: string): void;
  toolResult(result: VoiceAgentToolResult): void;
  /** The user is doing something: the agent should not take the word. */
  userActivity(): void;
  /** Ends the conversation. Idempotent; resolves when the connection is gone. */
  close(): Promise<void>;
}

/** What was done ahead of conversations. */
export interface WarmSessions {
  /** Ready now. */
  ready: number;
  /** Conversations that found one ready, and that had to wait. */
  hits: number;
  misses: number;
}

/** A vendor's whole agent: ears, mind, voice and turn-taking. */
export interface VoiceAgent {
  readonly info: ProviderInfo;
  /** What a conversation may ask for. */
  readonly overridable: ReadonlySet<VoiceAgentOverride>;
  readonly warm: WarmSessions;
  /**
   * Resolves when the agent listens; events come from then on. Rejects with `ProviderError`. Aborting `signal` is the same as `close()`;
   * aborted before the agent listens, it resolves to `undefined`.
   */
  open(options: VoiceAgentOptions, listener: VoiceAgentListener, signal: AbortSignal): Promise<VoiceAgentSession | undefined>;
  /** Begins to hold sessions ready, so that `open` need not wait. Failures show in `open` only. */
  startWarming(): void;
  /** Gives up what was held ready; running sessions are their owners'. Idempotent. */
  close(): void;
}
