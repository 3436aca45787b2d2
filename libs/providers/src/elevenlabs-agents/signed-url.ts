import { ELEVEN_LABS, elevenLabsSocketError } from '../elevenlabs/eleven-labs-errors';
import { asString, parseJsonObject } from '../shared/json';
import { ProviderError } from '../ports/provider-error';
import { retryAfterMs } from '../socket/retry-after';
import { boundedFetch } from '../socket/bounded-fetch';
import { httpOrigin, socketUrl } from '../socket/socket-url';
import { Watchdog } from '../shared/watchdog';

export interface SignedUrlOptions {
  /** Origin: http, https, ws or wss. */
  baseUrl: string;
  agentId: string;
  apiKey: string;
  /** Limit of the whole request in milliseconds. */
  timeoutMs: number;
}

/** A regional host of the vendor may sign addresses at another host of the vendor. */
const VENDOR_DOMAIN = '.elevenlabs.io';
const MOST_BYTES = 64 * 1024;
const bounded = boundedFetch(ELEVEN_LABS, { mostBytes: MOST_BYTES });

/**
 * Requests a signed address, at which one conversation with a private agent may be started without the API key within 15 minutes. Rejects
 * with `ProviderError`. An abort also rejects (with `connection_lost`); the caller knows that it has aborted.
 */
export async function fetchSignedUrl({ baseUrl, agentId, apiKey, timeoutMs }: SignedUrlOptions, signal: AbortSignal): Promise<string> {
  const request = new AbortController();
  const cancel = () => request.abort();
  let isLate = false;
  const limit = new Watchdog(() => {
    isLate = true;
    request.abort();
  });
  if (signal.aborted) cancel();
  signal.addEventListener('abort', cancel, { once: true });
  limit.arm(timeoutMs);
  try {
    const url = `${httpOrigin(baseUrl)}/v1/convai/conversation/get-signed-url?agent_id=${encodeURIComponent(agentId)}`;
    const response = await bounded(url, { headers: { 'xi-api-key': apiKey }, signal: request.signal });
    const body = await response.text();
    if (!response.ok) {
      const wait = retryAfterMs((name) => response.headers.get(name));
      throw elevenLabsSocketError({ kind: 'refused', status: response.status, body, retryAfterMs: wait });
    }
    const signedUrl = asString(parseJsonObject(body)?.['signed_url']);
    if (signedUrl !== undefined && isAtVendor(signedUrl, baseUrl)) return signedUrl;
    throw new ProviderError(ELEVEN_LABS, 'bad_response', 'elevenlabs answered without a signed address');
  } catch (error) {
    if (error instanceof ProviderError) throw error;
    if (isLate) throw new ProviderError(ELEVEN_LABS, 'timeout', 'elevenlabs did not sign an address in time');
    if (signal.aborted) throw new ProviderError(ELEVEN_LABS, 'connection_lost', 'the request was given up', { retryable: false });
    throw new ProviderError(ELEVEN_LABS, 'unavailable', 'elevenlabs cannot be reached', { cause: error });
  } finally {
    limit.disarm();
    signal.removeEventListener('abort', cancel);
    // A body that was not read to its end would keep the connection occupied.
    request.abort();
  }
}

/**
 * Whether an address may be used. The speech of the user is sent there, so the address must belong to the configured host or the vendor,
 * and must be secure if the request for it was.
 */
export function isAtVendor(signedUrl: string, baseUrl: string): boolean {
  if (!/^wss?:\/\//i.test(signedUrl) || !URL.canParse(signedUrl)) return false;
  const { protocol, hostname, username, password } = new URL(signedUrl);
  const configured = new URL(socketUrl(baseUrl, '', {}));
  const isVendors = hostname === configured.hostname || [hostname, configured.hostname].every((name) => name.endsWith(VENDOR_DOMAIN));
  return isVendors && [configured.protocol, 'wss:'].includes(protocol) && username === '' && password === '';
}
