import { RecordingLogger } from './recording-logger';
import { startVirtualTime } from './virtual-time';

/** Called within a suite: each of its tests runs on virtual time, with a log of its own, and leaves no timer behind. */
export function onVirtualTime(): { readonly logger: RecordingLogger } {
  const test = { logger: new RecordingLogger() };
  beforeEach(() => {
    test.logger = RecordingLogger.install();
    startVirtualTime();
  });
  afterEach(() => {
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
    test.logger.restore();
  });
  return test;
}
