import type { ClaimRequest, EpisodeChange, EpisodeStore, NewEpisode, PageRequest, ReplacedScript, SegmentChange } from '../episode-store';
import type { Claim, ClaimedSegment, EpisodeChapter, EpisodeOutput, EpisodeStatus, SegmentResult, ShowDetails } from '../records';
import * as assembly from './assembly';
import * as status from './episode-status';
import * as episodes from './episodes';
import { libraryId } from './library';
import { renewClaim } from './renew-claim';
import * as claims from './segment-claims';
import * as segments from './segments';
import * as shows from './shows';
import type { SqlDatabase, SqlTransaction } from './sql-database';

/** The store over a database that knows the common part of SQL. */
export class SqlEpisodeStore implements EpisodeStore {
  readonly #database: SqlDatabase;

  constructor(database: SqlDatabase) {
    this.#database = database;
  }

  createShow = (details: ShowDetails) => this.#do((t) => shows.createShow(t, details));
  show = (id: string) => this.#do((t) => shows.findShow(t, id));
  shows = (page: PageRequest = {}) => this.#do((t) => shows.listShows(t, page));
  updateShow = (id: string, details: ShowDetails) => this.#do((t) => shows.updateShow(t, id, details));
  deleteShow = (id: string) => this.#do((t) => shows.deleteShow(t, id));

  createEpisode = (episode: NewEpisode) => this.#do((t) => episodes.createEpisode(t, episode));
  episode = (id: string) => this.#do((t) => episodes.findEpisode(t, id));
  episodes = (page: PageRequest & { showId?: string; status?: EpisodeStatus } = {}) => this.#do((t) => episodes.listEpisodes(t, page));
  updateEpisode = (id: string, change: EpisodeChange, ifVersion?: number) =>
    this.#do((t) => episodes.updateEpisode(t, id, change, ifVersion));
  replaceScript = (id: string, script: ReplacedScript) => this.#do((t) => status.replaceScript(t, id, script));
  cancelEpisode = (id: string) => this.#do((t) => status.cancelEpisode(t, id));
  requeueEpisode = (id: string) => this.#do((t) => status.requeueEpisode(t, id));
  deleteEpisode = (id: string) => this.#do((t) => episodes.deleteEpisode(t, id));
  changes = (id: string, version: number) => this.#do((t) => episodes.findChanges(t, id, version));

  segments = (episodeId: string, range: { from?: number; limit?: number } = {}) =>
    this.#do((t) => segments.listSegments(t, episodeId, range));
  segment = (id: string) => this.#do((t) => segments.findSegment(t, id));
  alignment = (segmentId: string) => this.#do((t) => segments.findAlignment(t, segmentId));
  updateSegment = (id: string, change: SegmentChange) => this.#do((t) => segments.updateSegment(t, id, change));

  claimSegment = (id: string, request: Omit<ClaimRequest, 'episodeId'>) => this.#do((t) => claims.claimOne(this.#database, t, id, request));
  finishSegment = (claim: Claim, result: SegmentResult) => this.#do((t) => claims.finishSegment(t, claim, result));
  failSegment = (claim: Claim, error: string, { retry }: { retry: boolean }) => this.#do((t) => claims.failSegment(t, claim, error, retry));
  releaseSegment = (claim: Claim) => this.#do((t) => claims.releaseSegment(t, claim));

  renewAssembly = (claim: Claim, leaseMs: number) => this.#do((t) => renewClaim(t, 'episodes', claim, leaseMs));
  finishAssembly = (claim: Claim, output: EpisodeOutput, chapters?: readonly EpisodeChapter[]) =>
    this.#do((t) => assembly.finishAssembly(t, claim, output, chapters));
  failAssembly = (claim: Claim, error: string) => this.#do((t) => assembly.failAssembly(t, claim, error));
  releaseAssembly = (claim: Claim) => this.#do((t) => assembly.releaseAssembly(t, claim));

  /**
   * One transaction for each episode that is looked at, so that no two of them wait for each other. Episodes that others are changing are
   * passed over first, and only waited for if nothing else is found.
   */
  async claimSegments(request: ClaimRequest & { limit: number }): Promise<readonly ClaimedSegment[]> {
    const candidates = await this.#do((t) => claims.episodesToRender(t, request.episodeId));
    const busy: string[] = [];
    for (const id of candidates) {
      const claimed = await this.#do((t) => claims.claimOfEpisode(this.#database, t, id, { ...request, wait: false }));
      if (claimed === 'busy') busy.push(id);
      else if (claimed.length > 0) return claimed;
    }
    for (const id of busy) {
      const claimed = await this.#do((t) => claims.claimOfEpisode(this.#database, t, id, { ...request, wait: true }));
      if (claimed !== 'busy' && claimed.length > 0) return claimed;
    }
    return [];
  }

  async renewSegments(held: readonly Claim[], leaseMs: number): Promise<readonly Claim[]> {
    const renewed: Claim[] = [];
    for (const one of held) {
      const claim = await this.#do((t) => renewClaim(t, 'segments', one, leaseMs));
      if (claim) renewed.push(claim);
    }
    return renewed;
  }

  async claimAssembly(request: ClaimRequest) {
    for (const id of await this.#do((t) => assembly.episodesToAssemble(t, request.episodeId))) {
      const claimed = await this.#do((t) => assembly.claimAssembly(this.#database, t, id, request));
      if (claimed) return claimed;
    }
    return undefined;
  }

  libraryId = (candidate: string) => this.#do((t) => libraryId(t, candidate));

  onChange(listener: (episodeId: string, version: number) => void): () => void {
    return this.#database.onChange(listener);
  }

  close(): Promise<void> {
    return this.#database.close();
  }

  #do<T>(work: (transaction: SqlTransaction) => Promise<T>): Promise<T> {
    return this.#database.transaction(work);
  }
}
