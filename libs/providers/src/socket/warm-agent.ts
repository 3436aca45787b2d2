import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { cachingLookup } from './caching-lookup';

const MOST_TLS_SESSIONS = 32;

/**
 * Returns an agent for all connections to one vendor. It keeps the sessions of TLS and the answers of DNS, so that a later connection is
 * opened with fewer round trips. Its owner destroys it.
 */
export function warmAgent(url: string): HttpAgent {
  const options = { keepAlive: true, lookup: cachingLookup() };
  return /^(?:https|wss):/i.test(url) ? new HttpsAgent({ ...options, maxCachedSessions: MOST_TLS_SESSIONS }) : new HttpAgent(options);
}
