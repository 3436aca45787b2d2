/** The messages of a narration's client as classes that class-validator checks. A field is accepted when it is decorated here. */
import { Equals, IsIn, IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min, MinLength } from 'class-validator';
import { MAX_NARRATION_PIECE_LENGTH } from '../../wire/constants';
import {
  type CancelNarration,
  type EndNarrationText,
  type FlushNarration,
  NARRATION_LATENCIES,
  type NarrationLatency,
  type NarrationText,
  type NarrationVoiceSettings,
  type PauseNarration,
  type ResumeNarration,
  type SetNarrationVoice,
  type StartNarration,
} from '../../wire/narration/narration-client-messages';
import { IsLanguageTag } from '../language-tag';
import { LANGUAGE_RULE, MAX_U32, oneOf, VOICE_ID, VOICE_ID_RULE } from '../shared-rules';
import { IsChunkSchedule } from './chunk-schedule';
import { IsVoiceSettings } from './voice-settings';

const MODEL = /^[!-~]{1,128}$/;
const MAX_FORMAT_LENGTH = 100;
const MODEL_RULE = { message: '$property must be the name of a model' };
const FORMAT_RULE = { message: '$property must be the name of a format, such as pcm_24000' };
const SEED_RULE = { message: '$property must be an integer from 0 to 4294967295' };
const TEXT_RULE = { message: `$property must be a text of 1 to ${MAX_NARRATION_PIECE_LENGTH} characters` };

/** Starts the narration; once per connection. */
export class StartNarrationDto implements StartNarration {
  @Equals('start_narration')
  type!: 'start_narration';

  @IsOptional()
  @Matches(VOICE_ID, VOICE_ID_RULE)
  voice_id?: string;

  @IsOptional()
  @Matches(MODEL, MODEL_RULE)
  model?: string;

  @IsOptional()
  @IsIn(NARRATION_LATENCIES, oneOf(NARRATION_LATENCIES))
  latency?: NarrationLatency;

  @IsOptional()
  @IsChunkSchedule()
  chunk_schedule?: number[];

  /** Any name, see `NARRATION_FORMATS`: one that is not offered is `unsupported_format` and not `bad_message`. */
  @IsOptional()
  @MaxLength(MAX_FORMAT_LENGTH, FORMAT_RULE)
  @IsString(FORMAT_RULE)
  output_format?: string;

  @IsOptional()
  @IsVoiceSettings()
  voice_settings?: NarrationVoiceSettings;

  @IsOptional()
  @IsLanguageTag(LANGUAGE_RULE)
  language?: string;

  @IsOptional()
  @Max(MAX_U32, SEED_RULE)
  @Min(0, SEED_RULE)
  @IsInt(SEED_RULE)
  seed?: number;
}

/** More of the text: a piece of any size, which may end within a word. */
export class NarrationTextDto implements NarrationText {
  @Equals('text')
  type!: 'text';

  @MaxLength(MAX_NARRATION_PIECE_LENGTH, TEXT_RULE)
  @MinLength(1, TEXT_RULE)
  @IsString(TEXT_RULE)
  text!: string;
}

/** Speaks all text so far without waiting for more. */
export class FlushNarrationDto implements FlushNarration {
  @Equals('flush')
  type!: 'flush';
}

/** The text from here on is spoken by another voice. */
export class SetNarrationVoiceDto implements SetNarrationVoice {
  @Equals('set_voice')
  type!: 'set_voice';

  @Matches(VOICE_ID, VOICE_ID_RULE)
  voice_id!: string;

  @IsOptional()
  @IsVoiceSettings()
  voice_settings?: NarrationVoiceSettings;
}

/** No more audio is sent until `resume`. */
export class PauseNarrationDto implements PauseNarration {
  @Equals('pause')
  type!: 'pause';
}

/** Goes on with the sample after the last one that was sent. */
export class ResumeNarrationDto implements ResumeNarration {
  @Equals('resume')
  type!: 'resume';
}

/** Stops at once. */
export class CancelNarrationDto implements CancelNarration {
  @Equals('cancel')
  type!: 'cancel';
}

/** The text is complete. */
export class EndNarrationTextDto implements EndNarrationText {
  @Equals('end_text')
  type!: 'end_text';
}
