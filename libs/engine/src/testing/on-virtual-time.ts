import { RecordingLogger } from './recording-logger';
import { startVirtualTime } from './virtual-time';

/**
 * To be called within a suite: each of its tests runs on virtual time and has a log of its own. A test fails if it leaves a timer behind,
 * unless `mayLeaveTimers` is set, for suites whose tests do not end their conversations.
 */
export function onVirtualTime({ mayLeaveTimers = false } = {}): { readonly logger: RecordingLogger } {
  const test = { logger: new RecordingLogger() };
  beforeEach(() => {
    test.logger = RecordingLogger.install();
    startVirtualTime();
  });
  afterEach(() => {
    if (!mayLeaveTimers) expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
    test.logger.restore();
  });
  return test;
}
