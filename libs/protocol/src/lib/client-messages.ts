import { Equals, IsIn, IsInt, IsNotEmpty, IsNumber, IsOptional, IsString, Matches, Max, MaxLength, Min, MinLength } from 'class-validator';
import { MAX_TEXT_LENGTH } from './constants';

/** The formats an `audio_chunk` may name. Which of them a server decodes is announced by `unsupported_format`. */
export const AUDIO_CHUNK_FORMATS = ['audio/pcm;rate=16000', 'audio/wav', 'audio/webm'] as const;
export type AudioChunkFormat = (typeof AUDIO_CHUNK_FORMATS)[number];

export const PLAYBACK_EVENTS = ['started', 'progress', 'ended'] as const;
export type PlaybackEvent = (typeof PLAYBACK_EVENTS)[number];

const LANGUAGE_TAG = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/;
const VOICE_ID = /^[A-Za-z0-9_-]{1,64}$/;

export class StartConversation {
  @Equals('start_conversation')
  type!: 'start_conversation';

  @IsOptional()
  @IsIn(['pipeline', 'agent'])
  engine?: 'pipeline' | 'agent';

  @IsOptional()
  @IsIn(['binary', 'json'])
  audio_transport?: 'binary' | 'json';

  /** BCP-47. */
  @IsOptional()
  @Matches(LANGUAGE_TAG)
  language?: string;

  @IsOptional()
  @Matches(VOICE_ID)
  voice_id?: string;

  @IsOptional()
  @IsString()
  @MaxLength(MAX_TEXT_LENGTH)
  system_prompt?: string;
}

export class AudioChunk {
  @Equals('audio_chunk')
  type!: 'audio_chunk';

  @IsString()
  @IsNotEmpty()
  data!: string;

  @IsString()
  @IsNotEmpty()
  @MaxLength(100)
  format!: string;
}

export class TextMessage {
  @Equals('text_message')
  type!: 'text_message';

  @IsString()
  @MinLength(1)
  @MaxLength(MAX_TEXT_LENGTH)
  text!: string;
}

export class Interrupt {
  @Equals('interrupt')
  type!: 'interrupt';
}

export class Playback {
  @Equals('playback')
  type!: 'playback';

  @IsInt()
  @Min(1)
  @Max(0xffff_ffff)
  turn!: number;

  @IsIn(PLAYBACK_EVENTS)
  event!: PlaybackEvent;

  /** Milliseconds of this turn's speech that the listener has really heard. */
  @IsNumber({ allowNaN: false, allowInfinity: false })
  @Min(0)
  played_ms!: number;
}

export class Heartbeat {
  @Equals('heartbeat')
  type!: 'heartbeat';
}

export class EndConversation {
  @Equals('end_conversation')
  type!: 'end_conversation';
}

export type ClientMessage = StartConversation | AudioChunk | TextMessage | Interrupt | Playback | Heartbeat | EndConversation;
