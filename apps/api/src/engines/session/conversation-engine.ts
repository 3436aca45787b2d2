import type { ConversationStarted, EndReason, ServerMessage } from '@parley/protocol';
import type { Connection } from '../connection/connection-scoped';

export interface PlaybackReport {
  turn: number;
  event: 'started' | 'progress' | 'ended';
  playedMs: number;
}

/** A piece of speech on its way to the client. */
export interface OutgoingSpeech {
  turn: number;
  /** From 0 within the turn. */
  seq: number;
  /** PCM s16 mono at the output rate; empty only with `last`. */
  pcm: Int16Array;
  last: boolean;
}

/** Where an engine's results go: the transport of one client. Calls after the client has gone do nothing. */
export interface ConversationSink {
  send(message: ServerMessage): void;
  sendSpeech(speech: OutgoingSpeech): void;
  /** The conversation is over and everything released; the transport closes. */
  ended(reason: EndReason): void;
}

/** Holds one conversation, whatever carries its audio. Where every transport meets every engine. */
export interface ConversationEngine {
  /** PCM s16 mono 16 kHz, any length; read before the call returns. */
  pushAudio(pcm: Int16Array): void;
  pushText(text: string): void;
  interrupt(): void;
  reportPlayback(report: PlaybackReport): void;
  /** Ends the conversation and releases everything. Idempotent. */
  close(reason: EndReason): void;
}

/** Makes the engines of one kind. Shared by all connections. */
export interface EngineFactory {
  /** What is told to the client before the conversation starts: formats, who answers, the timing in force. */
  describe(connection: Connection): ConversationStarted;
  /** The engine listens when this resolves. The caller closes it. A rejection means that there is no conversation. */
  open(connection: Connection): Promise<ConversationEngine>;
}
