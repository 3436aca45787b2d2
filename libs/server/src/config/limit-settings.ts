import type { CheckedEnvironment } from './environment-for';

/** From which load on the server takes nothing new; `undefined` where a figure does not matter. */
export interface LoadLimits {
  /** Milliseconds. */
  eventLoopDelayMs: number | undefined;
  /** Share of one core, 1 for all of it. */
  cpu: number | undefined;
  /** Share of the memory that the process may have, 0 to 1. */
  memory: number | undefined;
}

/** How much clients may ask of the server at a time. */
export interface LimitSettings {
  /** How long a connection may be open without anything being started on it. */
  startTimeoutMs: number;
  /** For each client address. */
  address: {
    connections: number;
    startsPerMinute: number;
    unstartedBytes: number;
  };
  load: LoadLimits;
  /** Address of the Redis in which servers count together; undefined where this one counts alone. */
  redisUrl: string | undefined;
}

/** What a server takes that has its machine for itself. */
const PRODUCTION = { eventLoopDelayMs: 300, cpuPercent: 95 };

const shareOf = (percent: number): number | undefined => (percent === 0 ? undefined : percent / 100);

const inProduction = (environment: CheckedEnvironment, value: number): number => (environment.NODE_ENV === 'production' ? value : 0);

export const limitSettingsFrom = (environment: CheckedEnvironment): LimitSettings => ({
  startTimeoutMs: environment.START_TIMEOUT_MS,
  address: {
    connections: environment.MAX_CONNECTIONS_PER_ADDRESS,
    startsPerMinute: environment.MAX_STARTS_PER_MINUTE,
    unstartedBytes: environment.MAX_UNSTARTED_BYTES_PER_ADDRESS,
  },
  load: {
    eventLoopDelayMs: (environment.MAX_EVENT_LOOP_DELAY_MS ?? inProduction(environment, PRODUCTION.eventLoopDelayMs)) || undefined,
    cpu: shareOf(environment.MAX_CPU_PERCENT ?? inProduction(environment, PRODUCTION.cpuPercent)),
    memory: shareOf(environment.MAX_MEMORY_PERCENT),
  },
  redisUrl: environment.REDIS_URL,
});
