/**
 * Where the server is and what it offers: what the frame around every page needs. An entry of its own, because a bundler puts all that an entry
 * leads to into one chunk: with the conversation's entry the first page would load the whole client.
 */
export { type Endpoints, provideEndpoints } from '../endpoints';
export { DemoPill } from '../ui/demo-pill';
export { providerRows } from './provider-rows';
export { ServerConfig } from './server-config';
export { provideSessionTokens, SESSION_TOKENS } from './session-tokens';
