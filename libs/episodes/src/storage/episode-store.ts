import type {
  Claim,
  ClaimedSegment,
  Episode,
  EpisodeChapter,
  EpisodeOutput,
  EpisodePauses,
  EpisodeScript,
  EpisodeStatus,
  EpisodeSummary,
  EpisodeTitles,
  Segment,
  SegmentAlignment,
  SegmentContent,
  SegmentResult,
  Show,
  ShowDetails,
} from './records';

export interface PageRequest {
  /** 1 to 200. Default: 50. */
  limit?: number;
  /** `next` of the page before. */
  after?: string;
}

export interface Page<T> {
  /** The newest first. */
  items: readonly T[];
  /** Absent on the last page. */
  next?: string;
}

/**
 * - `unknown_show`: an episode was to belong to a show that does not exist
 * - `version_conflict`: somebody else has changed the episode
 * - `no_segments`: an episode needs at least one
 * - `bad_page`: the position in a list is not one that a page named
 * - `newer_schema`: the database was written by a newer version of the program
 * - `unavailable`: the database does not answer; whether the change was made is not known. It may answer later
 */
export type EpisodeStoreErrorCode = 'unknown_show' | 'version_conflict' | 'no_segments' | 'bad_page' | 'newer_schema' | 'unavailable';

export class EpisodeStoreError extends Error {
  override readonly name = 'EpisodeStoreError';

  constructor(
    readonly code: EpisodeStoreErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export interface NewEpisode extends EpisodeTitles, EpisodeScript {
  segments: readonly SegmentContent[];
}

export interface ReplacedScript extends EpisodeScript {
  segments: readonly SegmentContent[];
}

/** What is given is changed; `null` removes it. */
export interface EpisodeChange {
  title?: string;
  description?: string | null;
  showId?: string | null;
  pauses?: EpisodePauses;
  firstAudioMs?: number;
}

export type SegmentChange = Partial<Pick<SegmentContent, 'text' | 'voiceId' | 'model' | 'settings' | 'pauseBeforeMs'>>;

/** What else has to be deleted with records. */
export interface LeftBehind {
  episodeId: string;
  segmentIds: readonly string[];
  /** Keys in the audio cache; other episodes may use them too. */
  cacheKeys: readonly string[];
}

export interface EpisodeChanges {
  episode: EpisodeSummary;
  /** Those that have changed, in their order. */
  segments: readonly Segment[];
  /** The script was replaced: the segments from before are gone. */
  isNewScript: boolean;
}

export interface ClaimRequest {
  owner: string;
  leaseMs: number;
  /** Only of this episode. */
  episodeId?: string;
}

export interface ShowRecords {
  createShow(details: ShowDetails): Promise<Show>;
  show(id: string): Promise<Show | undefined>;
  shows(page?: PageRequest): Promise<Page<Show>>;
  /** Replaces all details. */
  updateShow(id: string, details: ShowDetails): Promise<Show | undefined>;
  /** Its episodes stay, and belong to no show then. */
  deleteShow(id: string): Promise<boolean>;
}

export interface EpisodeRecords {
  createEpisode(episode: NewEpisode): Promise<Episode>;
  episode(id: string): Promise<Episode | undefined>;
  episodes(page?: PageRequest & { showId?: string; status?: EpisodeStatus }): Promise<Page<EpisodeSummary>>;
  /** Throws `version_conflict` if `ifVersion` is given and is not the episode's. Does not queue it again. */
  updateEpisode(id: string, change: EpisodeChange, ifVersion?: number): Promise<Episode | undefined>;
  /** Takes a new script with new segments, and queues the episode. */
  replaceScript(id: string, script: ReplacedScript): Promise<{ episode: Episode; removed: LeftBehind } | undefined>;
  /** Takes all claims back. Finished segments stay so. Does nothing to an episode that has ended. */
  cancelEpisode(id: string): Promise<EpisodeSummary | undefined>;
  /** Queues an episode that has ended: what is missing or has failed is rendered, and all is put together again. Else does nothing. */
  requeueEpisode(id: string): Promise<EpisodeSummary | undefined>;
  deleteEpisode(id: string): Promise<LeftBehind | undefined>;
  /** What has changed after `version`; `undefined` if there is no such episode. */
  changes(id: string, version: number): Promise<EpisodeChanges | undefined>;
}

export interface SegmentRecords {
  /** In their order. */
  segments(episodeId: string, range?: { from?: number; limit?: number }): Promise<readonly Segment[]>;
  segment(id: string): Promise<Segment | undefined>;
  /** Of a finished segment, if the vendor gave one. */
  alignment(segmentId: string): Promise<SegmentAlignment | undefined>;
  /** Queues the episode, as `requeueEpisode` does. The segment is rendered again unless only its pause is different. */
  updateSegment(id: string, change: SegmentChange): Promise<Segment | undefined>;
}

/** Work on segments. Of all servers, one at a time has a segment's claim; if it does not renew it in time, another one may take it over. */
export interface SegmentClaims {
  /** Segments of one episode: the next ones of the oldest episode that has any. Empty if there is nothing to do. */
  claimSegments(request: ClaimRequest & { limit: number }): Promise<readonly ClaimedSegment[]>;
  /** This one, if it is free. */
  claimSegment(id: string, request: Omit<ClaimRequest, 'episodeId'>): Promise<ClaimedSegment | undefined>;
  /** Those claims that still hold, with their new ends. The others are lost: their work must stop. */
  renewSegments(claims: readonly Claim[], leaseMs: number): Promise<readonly Claim[]>;
  /** `undefined` if the claim is lost. */
  finishSegment(claim: Claim, result: SegmentResult): Promise<Segment | undefined>;
  /** Either for another attempt, or for good: then the episode has failed. */
  failSegment(claim: Claim, error: string, options: { retry: boolean }): Promise<Segment | undefined>;
  /** Gives it back as if it had not been claimed. */
  releaseSegment(claim: Claim): Promise<Segment | undefined>;
}

/** The work of putting episodes together, which one server at a time has as well. */
export interface AssemblyClaims {
  /** The oldest episode whose segments are all done. */
  claimAssembly(request: ClaimRequest): Promise<{ episode: Episode; claim: Claim } | undefined>;
  renewAssembly(claim: Claim, leaseMs: number): Promise<Claim | undefined>;
  /** `undefined` if the claim is lost. */
  finishAssembly(claim: Claim, output: EpisodeOutput, chapters?: readonly EpisodeChapter[]): Promise<Episode | undefined>;
  failAssembly(claim: Claim, error: string): Promise<Episode | undefined>;
  releaseAssembly(claim: Claim): Promise<Episode | undefined>;
}

/**
 * The records of shows, episodes and segments. Each change is one transaction: it is done as a whole or not at all, also when the process is
 * killed. What does not exist is `undefined`.
 */
export interface EpisodeStore extends ShowRecords, EpisodeRecords, SegmentRecords, SegmentClaims, AssemblyClaims {
  /** The same for all servers of the database, for ever: the candidate of the first one that asked. */
  libraryId(candidate: string): Promise<string>;
  /**
   * Called after each change of an episode, with its new version; also after those of other servers if the database reports them. Calls may be
   * lost with a connection, so those who must not miss anything also ask for `changes` now and then. Returns the end of the subscription.
   */
  onChange(listener: (episodeId: string, version: number) => void): () => void;
  close(): Promise<void>;
}
