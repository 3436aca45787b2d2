import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { BudgetEnvironment } from './budget-environment';
import { Doc } from './doc';
import { ToNumber } from './value-types';

/** How much clients may ask of the server at a time. */
export class LimitEnvironment extends BudgetEnvironment {
  @Doc('limits', 'A connection on which neither a conversation nor a narration was started for this long is closed. Milliseconds.')
  @ToNumber()
  @IsInt()
  @Min(1_000)
  @Max(3_600_000)
  START_TIMEOUT_MS = 10_000;
  @Doc(
    'limits',
    'Open connections of one client address, on this server. Lower it where strangers reach the server: a household or an office shares one address.',
  )
  @ToNumber()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  MAX_CONNECTIONS_PER_ADDRESS = 5_000;
  @Doc(
    'limits',
    'Conversations, narrations, episodes and joins of rooms that one client address may begin in a minute, on all servers of REDIS_URL together.',
  )
  @ToNumber()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  MAX_STARTS_PER_MINUTE = 3_000;
  @Doc(
    'limits',
    'Bytes of incomplete messages that the server holds for the connections of one client address on which nothing was started. ' +
      'The connection that holds most is closed when there are more.',
  )
  @ToNumber()
  @IsInt()
  @Min(262_144)
  @Max(1_073_741_824)
  MAX_UNSTARTED_BYTES_PER_ADDRESS = 8_388_608;
  @Doc(
    'limits',
    'New conversations are refused for a while when timers of this process were late by this much for 3 s. 0 for no such limit. Not set: ' +
      '300 with NODE_ENV=production, and otherwise 0, because a machine for development is busy with other things, too. Milliseconds.',
    '300',
  )
  @IsOptional()
  @ToNumber()
  @IsInt()
  @Min(0)
  @Max(10_000)
  MAX_EVENT_LOOP_DELAY_MS?: number;
  @Doc(
    'limits',
    'New conversations are refused for a while when this process used this much of one core for 3 s. 0 for no such limit. Not set: 95 with ' +
      'NODE_ENV=production, and otherwise 0. Percent.',
    '95',
  )
  @IsOptional()
  @ToNumber()
  @IsInt()
  @Min(0)
  @Max(1_000)
  MAX_CPU_PERCENT?: number;
  @Doc(
    'limits',
    'New conversations are refused while this process takes this much of the memory that it may have, or of its JavaScript heap. ' +
      '0 for no such limit. Percent.',
  )
  @ToNumber()
  @IsInt()
  @Min(0)
  @Max(100)
  MAX_MEMORY_PERCENT = 90;
}
