/** The bodies of requests about episodes and shows as classes that class-validator checks. A field is accepted when it is decorated here. */
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsObject,
  IsOptional,
  IsString,
  IsUrl,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import {
  type CreateEpisode,
  type EditSegment,
  type EpisodePauses,
  type EpisodePronunciation,
  type EpisodeSpeaker,
  NARRATION_PURPOSES,
  type NarrationPurpose,
  SCRIPT_FORMATS,
  type ScriptFormat,
  type ScriptSegment,
  type ShowDetails,
} from '../../wire/narration/episode-api';
import type { NarrationVoiceSettings } from '../../wire/narration/narration-client-messages';
import { IsLanguageTag } from '../language-tag';
import { LANGUAGE_RULE, MAX_U32, oneOf, VOICE_ID, VOICE_ID_RULE } from '../shared-rules';
import { IsSpeakers } from './episode-speakers';
import { IsVoiceSettings } from './voice-settings';

const MODEL = /^[!-~]{1,128}$/;
const MODEL_RULE = { message: '$property must be the name of a model' };
const SEED_RULE = { message: '$property must be an integer from 0 to 4294967295' };
const TEXT_RULE = { message: '$property must be a text' };
const PAUSE_RULE = { message: '$property must be a number of milliseconds from 0 to 60000' };
const URL_RULE = { message: '$property must be an address that begins with https:// or http://' };
const UUID_RULE = { message: '$property must be the id of a show' };
const HTTP = { protocols: ['http', 'https'], require_protocol: true, require_tld: false };
const MAX_TITLE = 200;
const MAX_DESCRIPTION = 4_000;
const MAX_PAUSE_MS = 60_000;
const MAX_PARTS = 2_000;
const MAX_PRONUNCIATIONS = 1_000;
const MAX_SEGMENT_TEXT = 1_500;
const atMost = (length: number) => ({ message: `$property must be a text of at most ${length} characters` });

export class EpisodePausesDto implements EpisodePauses {
  @IsOptional()
  @Max(MAX_PAUSE_MS, PAUSE_RULE)
  @Min(0, PAUSE_RULE)
  between_segments_ms?: number;

  @IsOptional()
  @Max(MAX_PAUSE_MS, PAUSE_RULE)
  @Min(0, PAUSE_RULE)
  between_speakers_ms?: number;

  @IsOptional()
  @Max(MAX_PAUSE_MS, PAUSE_RULE)
  @Min(0, PAUSE_RULE)
  before_chapter_ms?: number;
}

export class EpisodePronunciationDto implements EpisodePronunciation {
  @IsString(TEXT_RULE)
  word!: string;

  @IsOptional()
  @IsString(TEXT_RULE)
  spelling?: string;

  @IsOptional()
  @IsString(TEXT_RULE)
  ipa?: string;
}

export class ScriptSegmentDto implements ScriptSegment {
  @IsString(TEXT_RULE)
  text!: string;

  @IsOptional()
  @Matches(VOICE_ID, VOICE_ID_RULE)
  voice_id?: string;

  @IsOptional()
  @MaxLength(40, atMost(40))
  @IsNotEmpty(atMost(40))
  @IsString(atMost(40))
  speaker?: string;

  @IsOptional()
  @Matches(MODEL, MODEL_RULE)
  model?: string;
}

/** A script of any length is accepted here: the parser says at which line it is too long. */
export class CreateEpisodeDto implements CreateEpisode {
  @IsOptional()
  @MaxLength(MAX_TITLE, atMost(MAX_TITLE))
  @IsString(atMost(MAX_TITLE))
  title?: string;

  @IsOptional()
  @MaxLength(MAX_DESCRIPTION, atMost(MAX_DESCRIPTION))
  @IsString(atMost(MAX_DESCRIPTION))
  description?: string;

  @IsOptional()
  @IsUUID(undefined, UUID_RULE)
  show_id?: string;

  @IsOptional()
  @IsString(TEXT_RULE)
  script?: string;

  @IsOptional()
  @IsIn(SCRIPT_FORMATS, oneOf(SCRIPT_FORMATS))
  format?: ScriptFormat;

  @IsOptional()
  @ValidateNested({ each: true, message: 'each of segments must be an object' })
  @ArrayMaxSize(MAX_PARTS, { message: `segments must be a list of at most ${MAX_PARTS}` })
  @ArrayMinSize(1, { message: 'segments must not be empty' })
  @IsArray({ message: 'segments must be a list' })
  segments?: ScriptSegmentDto[];

  @IsOptional()
  @IsSpeakers()
  speakers?: Record<string, EpisodeSpeaker>;

  @IsOptional()
  @Matches(VOICE_ID, VOICE_ID_RULE)
  voice_id?: string;

  @IsOptional()
  @IsVoiceSettings()
  voice_settings?: NarrationVoiceSettings;

  @IsOptional()
  @Matches(MODEL, MODEL_RULE)
  model?: string;

  @IsOptional()
  @IsIn(NARRATION_PURPOSES, oneOf(NARRATION_PURPOSES))
  purpose?: NarrationPurpose;

  @IsOptional()
  @IsLanguageTag(LANGUAGE_RULE)
  language?: string;

  @IsOptional()
  @Max(MAX_U32, SEED_RULE)
  @Min(0, SEED_RULE)
  @IsInt(SEED_RULE)
  seed?: number;

  @IsOptional()
  @ValidateNested({ each: true, message: 'each of pronunciations must be an object' })
  @ArrayMaxSize(MAX_PRONUNCIATIONS, { message: `pronunciations must be a list of at most ${MAX_PRONUNCIATIONS}` })
  @IsArray({ message: 'pronunciations must be a list' })
  pronunciations?: EpisodePronunciationDto[];

  @IsOptional()
  @ValidateNested({ message: 'pauses must be an object' })
  @IsObject({ message: 'pauses must be an object' })
  pauses?: EpisodePausesDto;
}

export class EditSegmentDto implements EditSegment {
  @IsOptional()
  @MaxLength(MAX_SEGMENT_TEXT, atMost(MAX_SEGMENT_TEXT))
  @IsString(atMost(MAX_SEGMENT_TEXT))
  text?: string;

  @IsOptional()
  @Matches(VOICE_ID, VOICE_ID_RULE)
  voice_id?: string;

  @IsOptional()
  @IsVoiceSettings()
  voice_settings?: NarrationVoiceSettings;
}

export class ShowDetailsDto implements ShowDetails {
  @MaxLength(MAX_TITLE, atMost(MAX_TITLE))
  @IsNotEmpty(atMost(MAX_TITLE))
  @IsString(atMost(MAX_TITLE))
  title!: string;

  @MaxLength(MAX_DESCRIPTION, atMost(MAX_DESCRIPTION))
  @IsString(atMost(MAX_DESCRIPTION))
  description!: string;

  @MaxLength(MAX_TITLE, atMost(MAX_TITLE))
  @IsNotEmpty(atMost(MAX_TITLE))
  @IsString(atMost(MAX_TITLE))
  author!: string;

  @IsLanguageTag(LANGUAGE_RULE)
  language!: string;

  @IsOptional()
  @MaxLength(2_000, atMost(2_000))
  @IsUrl(HTTP, URL_RULE)
  image_url?: string;

  @IsOptional()
  @MaxLength(2_000, atMost(2_000))
  @IsUrl(HTTP, URL_RULE)
  link?: string;

  @IsOptional()
  @MaxLength(100, atMost(100))
  @IsString(atMost(100))
  category?: string;

  @IsOptional()
  @IsBoolean({ message: '$property must be true or false' })
  explicit?: boolean;
}
