import type { ProviderError } from './provider-error';
import type { ProviderInfo } from './provider-info';
import type { CharacterAlignment } from './text-to-speech';

/** The settings that a conversation may change compared with the configuration of the agent. */
export interface VoiceAgentOverrides {
  prompt?: string;
  /** What the agent says before the user has spoken. If it is empty, the agent says nothing. */
  firstMessage?: string;
  /** Language as a BCP-47 tag. */
  language?: string;
  voiceId?: string;
}

/** The name of an override. */
export type VoiceAgentOverride = keyof VoiceAgentOverrides;

export interface VoiceAgentOptions {
  /** Overrides that are not in `VoiceAgent.overridable` are left out. */
  overrides: VoiceAgentOverrides;
  /** Sample rate of the PCM in `audio` events, in Hz. */
  outputSampleRateHz: number;
}

/** The events that a hosted agent reports, in the order in which they arrived. */
export type VoiceAgentEvent =
  /** The transcript of what the user said. It is cumulative and may be rewritten until `isFinal`. */
  | { type: 'user_transcript'; text: string; isFinal: boolean }
  /** A part of the text of a reply while it is written. The whole text still follows. */
  | { type: 'reply_text_part'; text: string }
  /** The whole text of a reply. It arrives at about the time at which the audio of the reply begins. */
  | { type: 'reply_text'; text: string }
  /** The part of an interrupted reply that the agent assumes was heard. `original` is the whole text of the reply. */
  | { type: 'reply_corrected'; original: string; text: string }
  /**
   * 16-bit mono PCM at the requested rate, never empty. The receiver owns the array. The times of `alignment` are relative to the start of
   * this piece.
   */
  | { type: 'audio'; pcm: Int16Array; alignment?: CharacterAlignment }
  /** The agent stopped speaking because the user speaks. No more audio of the interrupted reply follows. */
  | { type: 'interrupted' }
  /** The agent calls a tool and expects an answer through `toolResult`. */
  | { type: 'tool_called'; callId: string; name: string; parameters: Readonly<Record<string, unknown>> }
  /** The agent is about to end the conversation. Audio may still follow. */
  | { type: 'hanging_up' }
  /** The round-trip time in milliseconds as the vendor measured it. */
  | { type: 'latency'; roundTripMs: number }
  /**
   * The last event, sent once unless the client side closed the session: either the agent ended the conversation, or the session failed.
   */
  | { type: 'ended'; by: 'agent' }
  | { type: 'ended'; by: 'failure'; error: ProviderError };

/** Called for each event as soon as it is received, so that no delay of the event loop is added. Must not throw. */
export type VoiceAgentListener = (event: VoiceAgentEvent) => void;

/** The result of a client tool. */
export interface VoiceAgentToolResult {
  callId: string;
  result: string;
  isError: boolean;
}

/** One conversation with a hosted agent. Every call does nothing once the conversation has ended. It is closed by whoever opened it. */
export interface VoiceAgentSession {
  /**
   * Sends 16-bit mono PCM at 16 kHz of any length, which is encoded before the call returns. While nothing is pushed, the agent receives
   * silence.
   */
  pushAudio(pcm: Int16Array): void;
  /** Sends a user turn that was typed. */
  sendText(text: string): void;
  /** Sends information that the agent should know but not answer. */
  contextualUpdate(text: string): void;
  toolResult(result: VoiceAgentToolResult): void;
  /** Reports that the user is active, so that the agent does not start to speak. */
  userActivity(): void;
  /** Ends the conversation. Idempotent. Resolves when the connection is closed. */
  close(): Promise<void>;
}

/** Counts of sessions that were prepared in advance. */
export interface WarmSessions {
  /** Number of sessions that are ready now. */
  ready: number;
  /** Numbers of conversations that found a prepared session, and of those that had to wait. */
  hits: number;
  misses: number;
}

/** A complete agent of a vendor, which does speech recognition, replies, voice and turn-taking. */
export interface VoiceAgent {
  readonly info: ProviderInfo;
  /** The overrides that a conversation may use. */
  readonly overridable: ReadonlySet<VoiceAgentOverride>;
  readonly warm: WarmSessions;
  /**
   * Starts a conversation and resolves when it has begun; events are reported from then on. Rejects with `ProviderError`. Aborting `signal`
   * is the same as `close()`; if it is aborted before the conversation has begun, the result is `undefined`.
   */
  open(options: VoiceAgentOptions, listener: VoiceAgentListener, signal: AbortSignal): Promise<VoiceAgentSession | undefined>;
  /** Starts to prepare sessions, so that `open` does not have to wait. Failures are reported only by `open`. */
  startWarming(): void;
  /** Discards the prepared sessions. Running sessions are closed by their owners. Idempotent. */
  close(): void;
}
