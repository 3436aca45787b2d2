export * from './episode-request';
export * from './episodes';
export { EpisodeNotRendered } from './live-audio';
export { EPISODE_MAX_SEGMENTS, type EpisodePlan, planEpisode, type PlanningContext } from './plan-episode';
export type { RenderingEvent } from './rendering-context';
export { segmentStarts } from './segment-starts';
export { EPISODE_SAMPLE_RATE_HZ } from './segment-speaker';
