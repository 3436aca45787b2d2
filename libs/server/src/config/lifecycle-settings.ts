import { availableParallelism } from 'node:os';
import type { LifecycleEnvironment } from './lifecycle-environment';

/** Bounds of the recordings in `RECORD_DIR`. */
export interface RecordingBounds {
  /** Undefined: as many as the disk takes. */
  maxBytes: number | undefined;
  /** Undefined: for ever. */
  keepMs: number | undefined;
}

/** How the server is started, drained and ended. */
export interface LifecycleSettings {
  /** How long conversations may go on after the server was told to stop; 0 ends them at once. */
  drainMs: number;
  /** How many processes serve the port, at least 1. */
  processes: number;
  recordings: RecordingBounds;
}

const MS_PER_SECOND = 1_000;
const MS_PER_DAY = 24 * 3_600 * MS_PER_SECOND;

/** In the settings no number stands for "no bound". */
const bound = (value: number): number | undefined => (value === 0 ? undefined : value);

export const lifecycleSettingsFrom = (environment: LifecycleEnvironment): LifecycleSettings => ({
  drainMs: environment.DRAIN_SECONDS * MS_PER_SECOND,
  processes: environment.SERVER_PROCESSES === 'all' ? availableParallelism() : Number(environment.SERVER_PROCESSES),
  recordings: { maxBytes: bound(environment.RECORD_MAX_BYTES), keepMs: bound(environment.RECORD_KEEP_DAYS * MS_PER_DAY) },
});
