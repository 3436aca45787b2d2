import { WORKLET_URLS } from '@parley/client/testing';
import type { Endpoints } from '../endpoints';

/** Where the fakes of `@parley/client/testing` answer. */
export const TEST_ENDPOINTS: Endpoints = { socketUrl: 'ws://localhost/ws', configUrl: '/api/config', worklets: WORKLET_URLS };
