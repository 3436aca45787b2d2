import { validateSync, type ValidationError } from 'class-validator';
import type { CreateEpisode, EditSegment, ShowDetails } from '../../wire/narration/episode-api';
import { isRecord, ownValue, shapeOf } from '../message-shapes';
import {
  CreateEpisodeDto,
  EditSegmentDto,
  EpisodePausesDto,
  EpisodePronunciationDto,
  ScriptSegmentDto,
  ShowDetailsDto,
} from './episode-dtos';

/** A body that passed every rule, or plain words about what is wrong. */
export type ParsedBody<Body> = { ok: true; body: Body } | { ok: false; message: string };

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

const NO_OBJECT: { ok: false; message: string } = { ok: false, message: 'The body must be a JSON object, with the type application/json.' };

/** The decorated fields of the input; `null` counts as absent, and nothing else is copied. */
function taken<Dto extends object>(dtoClass: new () => Dto, input: Record<string, unknown>): Dto {
  const shape = shapeOf<Dto>(dtoClass);
  const dto = shape.create();
  for (const field of shape.fields) {
    const value = ownValue(input, field);
    if (value !== undefined && value !== null) Object.assign(dto, { [field]: value });
  }
  return dto;
}

function takenIfRecord<Dto extends object>(dtoClass: new () => Dto, input: unknown): Dto {
  // What is no object fails the check as it is.
  return isRecord(input) ? taken(dtoClass, input) : (input as Dto);
}

function check<Body>(dto: Body & object): ParsedBody<Body> {
  const errors = validateSync(dto, { stopAtFirstError: true, validationError: { target: false, value: false } });
  return errors.length === 0 ? { ok: true, body: dto } : { ok: false, message: errors.flatMap((error) => wordsOf(error)).join('; ') };
}

/** The most mistakes that are told at once. */
const MOST_TOLD = 10;

function wordsOf({ property, constraints, children = [] }: ValidationError): string[] {
  const own = Object.values(constraints ?? {});
  const below = children.flatMap((child) => wordsOf(child)).map((words) => `${property}: ${words}`);
  return [...own, ...below].slice(0, MOST_TOLD);
}
