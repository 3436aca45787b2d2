import { IsInt, Matches, Max, Min } from 'class-validator';
import { Doc } from './doc';
import { LimitEnvironment } from './limit-environment';
import { ToNumber } from './value-types';

const PROCESSES = /^(all|[1-9]\d?)$/;

/** How the server is started, drained and ended. */
export class LifecycleEnvironment extends LimitEnvironment {
  @Doc(
    'server',
    'Seconds for which conversations may go on after SIGTERM. New ones are refused meanwhile, and in the second half of the time each is ' +
      'ended between two turns. 0: they end at once. SIGINT (Ctrl-C) always ends them at once, and so does a second signal.',
  )
  @ToNumber()
  @IsInt()
  @Min(0)
  @Max(86_400)
  DRAIN_SECONDS = 0;
  @Doc(
    'server',
    'Processes that serve the port together, each on a core of its own; all: one per core. More than one need REDIS_URL for rooms, and ' +
      'REDIS_URL and DATABASE_URL for episodes (see docs/scaling.md).',
  )
  @Matches(PROCESSES, { message: '$property must be a number from 1 to 99, or all' })
  SERVER_PROCESSES = '1';

  @Doc(
    'records',
    'Bytes that the recordings in RECORD_DIR may take together; the oldest conversations are deleted, but none that is going on. 0: no bound.',
  )
  @ToNumber()
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  RECORD_MAX_BYTES = 0;
  @Doc('records', 'Days after which the recording of a conversation is deleted. 0: never.')
  @ToNumber()
  @IsInt()
  @Min(0)
  @Max(36_500)
  RECORD_KEEP_DAYS = 0;
}
