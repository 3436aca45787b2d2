/** For specs of pages that use this lib. */
export { SessionHarness } from './session-harness';
export { TEST_ENDPOINTS } from './test-endpoints';
export * from './studio-server';
