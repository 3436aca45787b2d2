export { LocalSegmentQueue } from './local-segment-queue';
export { RedisSegmentQueue, type RedisSegmentQueueOptions } from './redis-segment-queue';
export { type EpisodeJob, jobKey, type JobOutcome, type JobWorker, type SegmentQueue, type WorkOptions } from './segment-queue';
