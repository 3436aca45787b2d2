import { validateHeaderValue } from 'node:http';

/** Throws, in plain words and without the key, when an adapter could never connect with these: a fault in configuration, found at its construction. */
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
