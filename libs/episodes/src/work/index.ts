export { LocalSegmentQueue } from './local-segment-queue';
export { RedisSegmentQueue, type RedisSegmentQueueOptions } from './redis-segment-queue';
export {
  type AddOptions,
  type EpisodeJob,
  jobKey,
  type JobOutcome,
  type JobWorker,
  type SegmentQueue,
  type WorkOptions,
} from './segment-queue';
