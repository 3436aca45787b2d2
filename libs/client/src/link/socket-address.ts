import type { AccessRefused } from './session-token';

/** Where a socket is: its address, or what makes one for each connection, because a token in it lets in only once. */
export type SocketAddress = string | (() => string | Promise<string>);

/**
 * Calls `use` with the address: at once if it is known, otherwise when it is. Calls `fail` if there is none; with `AccessRefused` asking again would
 * not help. Neither is called after the function that this returns was.
 */
export function withAddress(address: SocketAddress, use: (url: string) => void, fail: (error: AccessRefused | Error) => void): () => void {
  const made = typeof address === 'string' ? address : address();
  if (typeof made === 'string') {
    use(made);
    return () => undefined;
  }
  let isWanted = true;
  made.then(
    (url) => isWanted && use(url),
    (error: unknown) => isWanted && fail(error instanceof Error ? error : new Error('there is no address')),
  );
  return () => void (isWanted = false);
}

/** The address with a token in its query; without a token as it is. */
export function addressWithToken(address: string, token: string | undefined): string {
  return token === undefined ? address : `${address}${address.includes('?') ? '&' : '?'}token=${encodeURIComponent(token)}`;
}
