import type {
  Claim,
  ClaimedSegment,
  Episode,
  EpisodeOutput,
  EpisodeProgress,
  EpisodeScript,
  EpisodeStatus,
  EpisodeSummary,
  Segment,
  SegmentContent,
  SegmentStatus,
  Show,
  ShowDetails,
} from '../records';
import type { SqlRow, SqlValue } from './sql-database';

/** The columns of a segment without its alignment, which is large and rarely wanted. */
export const SEGMENT_COLUMNS =
  'id, episode_id, place, content, status, attempts, error, version, claim_owner, claim_token, claim_expires_at, ' +
  'cache_key, duration_ms, billed_characters, cached, fallbacks';

/** The columns of an episode without its script. */
export const SUMMARY_COLUMNS =
  'id, show_id, title, description, status, error, version, script_version, created_at, updated_at, started_at, first_audio_ms, output, ' +
  'claim_owner, claim_token, claim_expires_at';

export const EPISODE_COLUMNS = `${SUMMARY_COLUMNS}, script`;

export function toShow(row: SqlRow): Show {
  return {
    ...(fromJson(row['details']) as ShowDetails),
    id: text(row['id']),
    createdAtMs: number(row['created_at']),
    updatedAtMs: number(row['updated_at']),
    episodes: number(row['episodes']),
  };
}

export function toSummary(row: SqlRow, progress: EpisodeProgress): EpisodeSummary {
  return {
    id: text(row['id']),
    title: text(row['title']),
    status: text(row['status']) as EpisodeStatus,
    createdAtMs: number(row['created_at']),
    updatedAtMs: number(row['updated_at']),
    version: number(row['version']),
    progress,
    ...optionalText('showId', row['show_id']),
    ...optionalText('description', row['description']),
    ...optionalText('error', row['error']),
    ...optionalNumber('startedAtMs', row['started_at']),
    ...optionalNumber('firstAudioMs', row['first_audio_ms']),
    ...(row['output'] === null ? {} : { output: fromJson(row['output']) as EpisodeOutput }),
  };
}

export function toEpisode(row: SqlRow, progress: EpisodeProgress): Episode {
  return { ...(fromJson(row['script']) as EpisodeScript), ...toSummary(row, progress) };
}

export function toSegment(row: SqlRow): Segment {
  const claim = toClaim(row);
  return {
    ...(fromJson(row['content']) as SegmentContent),
    id: text(row['id']),
    episodeId: text(row['episode_id']),
    index: number(row['place']),
    status: text(row['status']) as SegmentStatus,
    attempts: number(row['attempts']),
    version: number(row['version']),
    ...(claim ? { claim } : {}),
    ...optionalText('error', row['error']),
    ...optionalText('cacheKey', row['cache_key']),
    ...optionalNumber('durationMs', row['duration_ms']),
    ...optionalNumber('billedCharacters', row['billed_characters']),
    ...optionalNumber('fallbacks', row['fallbacks']),
    ...(row['cached'] === null ? {} : { cached: row['cached'] === 1 }),
  };
}

export function toClaimedSegment(row: SqlRow): ClaimedSegment {
  const claim = toClaim(row);
  if (!claim) throw new Error('a segment that was claimed has no claim');
  return { ...toSegment(row), claim };
}

export function toClaim(row: SqlRow): Claim | undefined {
  if (row['claim_owner'] === null) return undefined;
  return {
    id: text(row['id']),
    owner: text(row['claim_owner']),
    token: number(row['claim_token']),
    expiresAtMs: number(row['claim_expires_at']),
  };
}

export function existing<T>(record: T | undefined): T {
  if (record === undefined) throw new Error('a record that was just written is not there');
  return record;
}

export function fromJson(value: SqlValue | undefined): unknown {
  return JSON.parse(text(value));
}

export function text(value: SqlValue | undefined): string {
  if (typeof value !== 'string') throw new TypeError('the database holds no text where there must be one');
  return value;
}

export function number(value: SqlValue | undefined): number {
  if (typeof value !== 'number') throw new TypeError('the database holds no number where there must be one');
  return value;
}

function optionalText<Name extends string>(name: Name, value: SqlValue | undefined): Partial<Record<Name, string>> {
  return value === null ? {} : ({ [name]: text(value) } as Record<Name, string>);
}

function optionalNumber<Name extends string>(name: Name, value: SqlValue | undefined): Partial<Record<Name, number>> {
  return value === null ? {} : ({ [name]: number(value) } as Record<Name, number>);
}
