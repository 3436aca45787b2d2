/** The target of a request: its path without the query, and the host if the target names one. */
export interface RequestTarget {
  path: string;
  /** The host as written, with the port if there is one; undefined for a target that is only a path. */
  host: string | undefined;
}

const PATH = /^(\/(?![/\\])[^?#]*)/;
const WITH_HOST = /^(?:http|ws)s?:\/\/([^/?#]+)(\/[^?#]*)?/i;

/**
 * Parses the target of a request (RFC 9112, section 3.2): a path, or a URL as in requests to proxies. Undefined for any other; never throws.
 * The path is neither decoded nor resolved: an endpoint is compared with the path as it was written.
 */
export function parseTarget(target = ''): RequestTarget | undefined {
  const path = PATH.exec(target)?.[1];
  if (path !== undefined) return { path, host: undefined };
  const url = WITH_HOST.exec(target);
  return url ? { path: url[2] ?? '/', host: url[1] } : undefined;
}
