/** What a request asks for: its path without the query, and the host where the target names one. */
export interface RequestTarget {
  path: string;
  /** As written, with the port if there is one; undefined for a target that is only a path. */
  host: string | undefined;
}

const PATH = /^(\/(?![/\\])[^?#]*)/;
const WITH_HOST = /^(?:http|ws)s?:\/\/([^/?#]+)(\/[^?#]*)?/i;

/**
 * Reads the target of a request (RFC 9112, section 3.2): a path, or a URL as proxies are asked for. Undefined for any other; never throws.
 * The path is not decoded and not resolved: what an endpoint is compared with is what was written.
 */
export function parseTarget(target = ''): RequestTarget | undefined {
  const path = PATH.exec(target)?.[1];
  if (path !== undefined) return { path, host: undefined };
  const url = WITH_HOST.exec(target);
  return url ? { path: url[2] ?? '/', host: url[1] } : undefined;
}
