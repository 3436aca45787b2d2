import type { CheckedEnvironment } from './environment-for';
import { parseProxies } from './proxies';

/** The settings of rooms. */
export interface RoomSettings {
  /** Address of the media server for the programs: `ws:`, `wss:`, `http:` or `https:`, as it was configured. */
  url: string;
  /** The same for browsers, `ws:` or `wss:`. */
  publicUrl: string;
  apiKey: string;
  apiSecret: string;
  /** What requests of `/api/rooms` must carry; undefined where there is no such token. */
  apiToken: string | undefined;
  /** Whether rooms may be made and joined without the token. */
  isOpen: boolean;
  /** Whether there is no token and only programs of this machine reach the server: then all of `/api/rooms` needs none. */
  isLocal: boolean;
  /** Name of the dispatch. */
  agentName: string;
  /** What people call the assistant. */
  assistantName: string;
  /** `dir` is a folder on the machine of the recording service; undefined for the one that the service runs in. */
  recording: { allowed: boolean; dir: string | undefined };
  ingressAllowed: boolean;
  /** Rooms that one worker serves at the same time. */
  workerSlots: number;
  /** Where a worker answers probes; undefined where it does not. */
  workerHealthPort: number | undefined;
  /** Address of Redis; undefined where one process has all rooms. */
  redisUrl: string | undefined;
}

type Named = Pick<CheckedEnvironment, (typeof NEEDED)[number]>;

const NEEDED = ['LIVEKIT_URL', 'LIVEKIT_API_KEY', 'LIVEKIT_API_SECRET'] as const;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/i;

/** The variables that rooms need and that are not set; none when there are rooms. */
export const missingForRooms = (environment: Named): string[] => NEEDED.filter((name) => environment[name] === undefined);

/** Undefined while one of the variables is missing that rooms need. */
export function roomSettingsFrom(environment: CheckedEnvironment): RoomSettings | undefined {
  const { LIVEKIT_URL: url, LIVEKIT_API_KEY: apiKey, LIVEKIT_API_SECRET: apiSecret, ROOMS_API_TOKEN: apiToken } = environment;
  if (url === undefined || apiKey === undefined || apiSecret === undefined) return undefined;
  const isLocal = apiToken === undefined && isReachedFromHereOnly(environment);
  return {
    ...{ url, apiKey, apiSecret, apiToken, isLocal },
    publicUrl: (environment.LIVEKIT_PUBLIC_URL ?? url).replace(/^http/i, 'ws'),
    isOpen: environment.ROOMS_OPEN || isLocal,
    agentName: environment.ROOMS_AGENT_NAME,
    assistantName: environment.ROOMS_ASSISTANT_NAME,
    recording: { allowed: environment.ROOMS_RECORDING, dir: environment.ROOMS_RECORDING_DIR },
    ingressAllowed: environment.ROOMS_INGRESS,
    workerSlots: environment.ROOM_WORKER_SLOTS,
    workerHealthPort: environment.ROOM_WORKER_HEALTH_PORT,
    redisUrl: environment.REDIS_URL,
  };
}

/** A server on a loopback address may still be behind a proxy of the same machine, for which it must be given a name or be told to trust it. */
const isReachedFromHereOnly = ({ HOST, ALLOWED_HOSTS, TRUST_PROXY }: CheckedEnvironment): boolean =>
  LOOPBACK.test(HOST) && ALLOWED_HOSTS === undefined && hasNoProxy(TRUST_PROXY);

function hasNoProxy(configured: string): boolean {
  const proxies = parseProxies(configured);
  return proxies !== undefined && 'hops' in proxies && proxies.hops === 0;
}
