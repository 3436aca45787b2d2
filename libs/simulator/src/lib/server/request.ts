import type { IncomingMessage } from 'node:http';

/** The URL that a request names; the root where it names none that can be parsed. */
export function requestUrl(request: IncomingMessage): URL {
  const target = request.url ?? '/';
  return URL.canParse(target, 'http://vendor') ? new URL(target, 'http://vendor') : new URL('http://vendor/');
}

/** A segment of a path, decoded where it can be. */
export function pathSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** A header; the first value where there are several. */
export function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
