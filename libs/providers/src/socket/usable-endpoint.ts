import { validateHeaderValue } from 'node:http';

/**
 * Throws if an adapter could never connect with this address and API key. This finds a configuration error when the adapter is made. The
 * message is in plain words and does not contain the key.
 */
export function assertUsableEndpoint(baseUrl: string, apiKey: string): void {
  if (!/^(?:http|ws)s?:\/\//i.test(baseUrl) || !URL.canParse(baseUrl)) {
    throw new Error(`"${baseUrl}" is not an http, https, ws or wss address`);
  }
  try {
    validateHeaderValue('key', apiKey);
  } catch {
    throw new Error('the API key holds characters that cannot be sent in a header');
  }
}
