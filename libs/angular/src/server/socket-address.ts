import { addressWithToken, type SessionTokenSource, type SocketAddress } from '@parley/client/access';
import type { SessionTokenPurpose } from '@parley/protocol';

/** The address of a socket, with a new token for each connection. */
export const socketAddress =
  (url: string, tokens: SessionTokenSource, purpose: SessionTokenPurpose): SocketAddress =>
  () => {
    const token = tokens(purpose);
    return token instanceof Promise ? token.then((text) => addressWithToken(url, text)) : addressWithToken(url, token);
  };
