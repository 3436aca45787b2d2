import { DAY_MS, KEEP_MS, LONGEST_CLAIM_MS, MAX_ATTEMPTS } from './room-store';

/**
 * What has to happen at once is done by scripts in Redis, with the clock of Redis.
 *
 * A room is a hash: `lease` (JSON), `job` (its id), `since` and `until` (when the lease began and ends), `attempts`, `claimed` (until when), `left`
 * (its assistant left on purpose). The sorted set `due` has the rooms with a lease by the time at which somebody must look at them: when the lease
 * ends, or the claim on its replacement. A key per replaced job says that this job never gets a room again.
 *
 * Scripts that go through rooms make the keys of these themselves, so this needs one Redis and not a cluster.
 */
const PRELUDE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function number(text) return tonumber(text or '0') or 0 end
local function get(field) return redis.call('HGET', KEYS[1], field) end
local function keep() redis.call('PEXPIRE', KEYS[1], ${KEEP_MS}); redis.call('PEXPIRE', KEYS[2], ${KEEP_MS}) end
local function replaced(job) redis.call('SET', KEYS[3], '1', 'PX', ${DAY_MS}) end
local function holds(job) return get('job') == job and redis.call('EXISTS', KEYS[3]) == 0 end
local function extend(room, forMs) redis.call('HSET', KEYS[1], 'until', now + forMs); redis.call('ZADD', KEYS[2], now + forMs, room); keep() end
`;

const script = (numberOfKeys: number, lua: string) => ({ numberOfKeys, lua: PRELUDE + lua });

/** KEYS where nothing else is said: the room, `due`, the mark of the replaced job. */
export const SCRIPTS = {
  /** ARGV: room, job, lease, lease time. */
  parleyAcquire: script(
    3,
    `
if redis.call('EXISTS', KEYS[3]) == 1 then return 0 end
local job = get('job')
if job and job ~= ARGV[2] and number(get('until')) > now then return 0 end
if job ~= ARGV[2] then redis.call('HSET', KEYS[1], 'job', ARGV[2], 'lease', ARGV[3], 'since', now) end
redis.call('HDEL', KEYS[1], 'left')
extend(ARGV[1], tonumber(ARGV[4]))
return 1`,
  ),
  /** ARGV: room, job, lease time, time after which an assistant has stayed. */
  parleyRenew: script(
    3,
    `
if not holds(ARGV[2]) then return 0 end
if now - number(get('since')) >= tonumber(ARGV[4]) then redis.call('HDEL', KEYS[1], 'attempts', 'claimed') end
extend(ARGV[1], tonumber(ARGV[3]))
return 1`,
  ),
  /** ARGV: room, job, whether it has left somebody there. KEYS[4]: the memory. */
  parleyRelease: script(
    4,
    `
if not holds(ARGV[2]) then return 0 end
redis.call('DEL', KEYS[1], KEYS[4])
if ARGV[3] == '1' then redis.call('HSET', KEYS[1], 'left', '1') end
redis.call('ZREM', KEYS[2], ARGV[1])
keep()
return 1`,
  ),
  /** ARGV: room, job. */
  parleyAbandon: script(
    3,
    `
if not holds(ARGV[2]) then return 0 end
extend(ARGV[1], 0)
replaced(ARGV[2])
return 1`,
  ),
  /** ARGV: room, job, memory. KEYS[4]: the memory. */
  parleySave: script(
    4,
    `
if not holds(ARGV[2]) then return 0 end
redis.call('SET', KEYS[4], ARGV[3], 'PX', ${KEEP_MS})
return 1`,
  ),
  /** The lease, or nil. KEYS: the room. */
  parleyLeaseOf: script(
    1,
    `
if number(get('until')) <= now then return false end
return get('lease')`,
  ),
  /** The leases that are alive. KEYS: `due`. ARGV: what the keys of rooms begin with. */
  parleyLeases: script(
    1,
    `
local leases = {}
for _, room in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. now, '+inf')) do
  local found = redis.call('HMGET', ARGV[1] .. room, 'lease', 'until')
  if found[1] and number(found[2]) > now then table.insert(leases, found[1]) end
end
return leases`,
  ),
  /** The leases of lost rooms, those that were lost first first. KEYS and ARGV: as above. */
  parleyLost: script(
    1,
    `
local leases = {}
for _, room in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, 500)) do
  local found = redis.call('HMGET', ARGV[1] .. room, 'lease', 'claimed')
  if not found[1] then redis.call('ZREM', KEYS[1], room)
  elseif number(found[2]) > now then redis.call('ZADD', KEYS[1], found[2], room)
  else table.insert(leases, found[1]) end
end
return leases`,
  ),
  /** KEYS: the room, `due`. ARGV: room, type of the reason, its job, claim time, what the keys of replaced jobs begin with. The attempt, or why not. */
  parleyClaim: script(
    2,
    `
if get('left') then return 'left' end
local job = get('job')
if ARGV[2] ~= 'none' and job ~= ARGV[3] then return 'attended' end
local ends = number(get('until'))
if ARGV[2] ~= 'absent' and job and ends > now then return 'attended' end
if number(get('claimed')) > now then return 'taken' end
local attempts = number(get('attempts')) + 1
if attempts > ${MAX_ATTEMPTS} then
  redis.call('ZREM', KEYS[2], ARGV[1])
  return 'exhausted'
end
local claimed = now + math.min(tonumber(ARGV[4]) * 2 ^ (attempts - 1), ${LONGEST_CLAIM_MS})
redis.call('HSET', KEYS[1], 'attempts', attempts, 'claimed', claimed)
if job then
  redis.call('HSET', KEYS[1], 'until', math.min(ends, now))
  redis.call('SET', ARGV[5] .. job, '1', 'PX', ${DAY_MS})
  redis.call('ZADD', KEYS[2], claimed, ARGV[1])
end
keep()
return attempts`,
  ),
  /** KEYS: the room, `due`, the memory. ARGV: room. */
  parleyForget: script(
    3,
    `
redis.call('ZREM', KEYS[2], ARGV[1])
return redis.call('DEL', KEYS[1], KEYS[3])`,
  ),
  /** KEYS: the ban. ARGV: how long. */
  parleyBan: script(
    1,
    `
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[1]) then redis.call('SET', KEYS[1], '1', 'PX', ARGV[1]) end
return 1`,
  ),
} as const;

export type ScriptName = keyof typeof SCRIPTS;
