/**
 * The messages of a client as classes that class-validator checks. A field is accepted when it is decorated here.
 * The error texts reach the client, so they name the field and the rule, never the value that was sent.
 */
import { Equals, IsIn, IsInt, IsNotEmpty, IsNumber, IsOptional, IsString, Matches, Max, MaxLength, Min, MinLength } from 'class-validator';
import {
  AUDIO_TRANSPORTS,
  type AudioChunk,
  type EndConversation,
  ENGINES,
  type Heartbeat,
  type Interrupt,
  type Playback,
  PLAYBACK_EVENTS,
  type PlaybackEvent,
  type StartConversation,
  type TextMessage,
} from '../wire/client-messages';
import { MAX_SYSTEM_PROMPT_LENGTH, MAX_TEXT_LENGTH } from '../wire/constants';
import { IsLanguageTag } from './language-tag';
import { LANGUAGE_RULE, MAX_U32, oneOf, VOICE_ID, VOICE_ID_RULE } from './shared-rules';

const MAX_FORMAT_LENGTH = 100;

const SYSTEM_PROMPT_RULE = { message: `$property must be a text of at most ${MAX_SYSTEM_PROMPT_LENGTH} characters` };
const FORMAT_RULE = { message: '$property must be a media type, such as audio/wav' };
const TEXT_RULE = { message: `$property must be a text of 1 to ${MAX_TEXT_LENGTH} characters, not only white space` };
const TURN_RULE = { message: '$property must be the number of a turn' };
const PLAYED_RULE = { message: '$property must be a number of milliseconds, 0 or more' };

/** Starts the conversation; once per connection. */
export class StartConversationDto implements StartConversation {
  @Equals('start_conversation')
  type!: 'start_conversation';

  /** Absent: `pipeline`. */
  @IsOptional()
  @IsIn(ENGINES, oneOf(ENGINES))
  engine?: (typeof ENGINES)[number];

  /** How the assistant's speech is sent. Absent: `binary`. */
  @IsOptional()
  @IsIn(AUDIO_TRANSPORTS, oneOf(AUDIO_TRANSPORTS))
  audio_transport?: (typeof AUDIO_TRANSPORTS)[number];

  /** BCP-47, e.g. `en-IN`, as the client wrote it. */
  @IsOptional()
  @IsLanguageTag(LANGUAGE_RULE)
  language?: string;

  @IsOptional()
  @Matches(VOICE_ID, VOICE_ID_RULE)
  voice_id?: string;

  @IsOptional()
  @MaxLength(MAX_SYSTEM_PROMPT_LENGTH, SYSTEM_PROMPT_RULE)
  @IsString(SYSTEM_PROMPT_RULE)
  system_prompt?: string;
}

/**
 * Audio of a client without binary messages. `data` may be empty or no base64 at all here: that is `invalid_audio`,
 * which whoever decodes it finds out in the same pass, without reading the text twice.
 */
export class AudioChunkDto implements AudioChunk {
  @Equals('audio_chunk')
  type!: 'audio_chunk';

  /** Base64. */
  @IsString({ message: '$property must be a text in base64' })
  data!: string;

  /** Any media type, see `AUDIO_CHUNK_FORMATS`. */
  @MaxLength(MAX_FORMAT_LENGTH, FORMAT_RULE)
  @IsNotEmpty(FORMAT_RULE)
  @IsString(FORMAT_RULE)
  format!: string;
}

/** A typed user turn; while the assistant speaks it interrupts. */
export class TextMessageDto implements TextMessage {
  @Equals('text_message')
  type!: 'text_message';

  /** As typed, not trimmed; holds more than white space. */
  @Matches(/\S/, TEXT_RULE)
  @MaxLength(MAX_TEXT_LENGTH, TEXT_RULE)
  @MinLength(1, TEXT_RULE)
  @IsString(TEXT_RULE)
  text!: string;
}

/** Stops the assistant now (a button). */
export class InterruptDto implements Interrupt {
  @Equals('interrupt')
  type!: 'interrupt';
}

/** What the listener has really heard; `progress` at most every 250 ms. */
export class PlaybackDto implements Playback {
  @Equals('playback')
  type!: 'playback';

  /** Unsigned 32-bit, as in the header of the speech it was played from. */
  @Max(MAX_U32, TURN_RULE)
  @Min(0, TURN_RULE)
  @IsInt(TURN_RULE)
  turn!: number;

  @IsIn(PLAYBACK_EVENTS, oneOf(PLAYBACK_EVENTS))
  event!: PlaybackEvent;

  /** Milliseconds of this turn's speech that the listener has heard so far. */
  @Min(0, PLAYED_RULE)
  @IsNumber({ allowNaN: false, allowInfinity: false }, PLAYED_RULE)
  played_ms!: number;
}

/** Answered with `heartbeat`. */
export class HeartbeatDto implements Heartbeat {
  @Equals('heartbeat')
  type!: 'heartbeat';
}

/** Answered with `conversation_ended`, then close 1000. */
export class EndConversationDto implements EndConversation {
  @Equals('end_conversation')
  type!: 'end_conversation';
}
