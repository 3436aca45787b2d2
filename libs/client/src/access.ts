/** What lets a page in to a server that needs session tokens. An entry of its own, because pages need it before they load the rest of the client. */
export { AccessRefused, requestSessionToken, type SessionTokenSource } from './link/session-token';
export { addressWithToken, type SocketAddress } from './link/socket-address';
