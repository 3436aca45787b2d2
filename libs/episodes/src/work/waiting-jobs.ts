import { type EpisodeJob, jobKey } from './segment-queue';

interface EpisodeJobs {
  readonly urgent: Map<string, EpisodeJob>;
  readonly others: Map<string, EpisodeJob>;
}

/** Jobs in the order in which they are done: the urgent ones first, and of episodes one after the other. */
export class WaitingJobs {
  /** The episode whose turn is next comes first. */
  readonly #episodes = new Map<string, EpisodeJobs>();

  /** One that is waiting keeps its place. */
  add(job: EpisodeJob, isUrgent: boolean): void {
    const jobs = this.#episodes.get(job.episodeId) ?? { urgent: new Map(), others: new Map() };
    this.#episodes.set(job.episodeId, jobs);
    const key = jobKey(job);
    if (!jobs.urgent.has(key) && !jobs.others.has(key)) (isUrgent ? jobs.urgent : jobs.others).set(key, job);
  }

  /** Takes the next one out. */
  take(): EpisodeJob | undefined {
    const all = [...this.#episodes.values()];
    const jobs = all.find(({ urgent }) => urgent.size > 0)?.urgent ?? all[0]?.others;
    const [next] = jobs ?? [];
    if (!jobs || !next) return undefined;
    const [key, job] = next;
    jobs.delete(key);
    this.#endTurn(job.episodeId);
    return job;
  }

  removeOf(episodeId: string): void {
    this.#episodes.delete(episodeId);
  }

  clear(): void {
    this.#episodes.clear();
  }

  #endTurn(episodeId: string): void {
    const jobs = this.#episodes.get(episodeId);
    this.#episodes.delete(episodeId);
    if (jobs && jobs.urgent.size + jobs.others.size > 0) this.#episodes.set(episodeId, jobs);
  }
}
