/** A text that grows while it is sent. */
export interface TextWriter {
  write(text: string): Promise<void>;
  close(): Promise<void>;
}

export interface TextStreamOptions {
  topic: string;
  attributes: Record<string, string>;
  /** The participant in whose name it is sent. Left out: the assistant. */
  senderIdentity?: string;
}

/** Words of a track, in the form that components show which do not read text streams. All versions of a segment have the same id. */
export interface TrackTranscription {
  participantIdentity: string;
  trackSid: string;
  segments: { id: string; text: string; final: boolean; language: string; startTime: bigint; endTime: bigint }[];
}

/** What is sent to a room besides sound. The class `LocalParticipant` of the media server's client satisfies it. */
export interface RoomChannel {
  publishData(data: Uint8Array, options: { reliable: boolean; topic: string }): Promise<void>;
  streamText(options: TextStreamOptions): Promise<TextWriter>;
  publishTranscription(transcription: TrackTranscription): Promise<void>;
  /** Resolves when the server has accepted them. */
  setAttributes(attributes: Record<string, string>): Promise<void>;
}

/** Names that the media server's own components read. */
export const TRANSCRIPTION_TOPIC = 'lk.transcription';
export const CHAT_TOPIC = 'lk.chat';
export const STATE_ATTRIBUTE = 'lk.agent.state';
export const SEGMENT_ATTRIBUTE = 'lk.segment_id';
export const FINAL_ATTRIBUTE = 'lk.transcription_final';
export const TRACK_ATTRIBUTE = 'lk.transcribed_track_id';

/** What the media server's components show an assistant to be doing. */
export type AgentState = 'initializing' | 'listening' | 'thinking' | 'speaking';
