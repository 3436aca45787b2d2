import type { CreateEpisode, EditSegment, ShowDetails } from '../../wire/narration/episode-api';
import { isRecord } from '../message-shapes';
import { check, NO_OBJECT, type ParsedBody, taken, takenIfRecord } from '../request-body';
import {
  CreateEpisodeDto,
  EditSegmentDto,
  EpisodePausesDto,
  EpisodePronunciationDto,
  ScriptSegmentDto,
  ShowDetailsDto,
} from './episode-dtos';

/** Checks the body of `POST /api/narrations`, parsed from JSON. What the script holds is not looked at. */
export function parseCreateEpisode(input: unknown): ParsedBody<CreateEpisode> {
  if (!isRecord(input)) return NO_OBJECT;
  const body = taken(CreateEpisodeDto, input);
  if (Array.isArray(body.segments)) body.segments = body.segments.map((item) => takenIfRecord(ScriptSegmentDto, item));
  if (Array.isArray(body.pronunciations))
    body.pronunciations = body.pronunciations.map((item) => takenIfRecord(EpisodePronunciationDto, item));
  if (body.pauses !== undefined) body.pauses = takenIfRecord(EpisodePausesDto, body.pauses);
  const checked = check<CreateEpisode>(body);
  if (!checked.ok) return checked;
  if ((body.script === undefined) === (body.segments === undefined)) return { ok: false, message: 'Give either script or segments.' };
  const wrong = body.pronunciations?.find(({ spelling, ipa }) => (spelling === undefined) === (ipa === undefined));
  return wrong ? { ok: false, message: 'Each of pronunciations must have either spelling or ipa.' } : checked;
}

export function parseEditSegment(input: unknown): ParsedBody<EditSegment> {
  if (!isRecord(input)) return NO_OBJECT;
  const body = taken(EditSegmentDto, input);
  if (Object.keys(body).length === 0) return { ok: false, message: 'Give text, voice_id or voice_settings: what is to be changed.' };
  return check<EditSegment>(body);
}

export function parseShowDetails(input: unknown): ParsedBody<ShowDetails> {
  return isRecord(input) ? check<ShowDetails>(taken(ShowDetailsDto, input)) : NO_OBJECT;
}
