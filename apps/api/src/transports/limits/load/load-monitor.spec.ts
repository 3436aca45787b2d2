import { RecordingLogger, testSettings } from '@parley/server/testing';
import { eventually } from '@parley/testing';
import { LoadMonitor } from './load-monitor';

/** Takes the only thread of this process for most of the time. */
function keepBusy(): { end(): void } {
  const timer = setInterval(() => {
    const endsAt = performance.now() + 300;
    while (performance.now() < endsAt);
  }, 1);
  return { end: () => clearInterval(timer) };
}

describe('LoadMonitor', () => {
  let logger: RecordingLogger;
  let monitor: LoadMonitor;

  beforeEach(() => (logger = RecordingLogger.install()));
  afterEach(() => {
    monitor.onApplicationShutdown();
    logger.restore();
  });

  const start = (environment: Record<string, string>): void => {
    const off = { MAX_EVENT_LOOP_DELAY_MS: '0', MAX_CPU_PERCENT: '0', MAX_MEMORY_PERCENT: '0' };
    monitor = new LoadMonitor(testSettings({ ...off, ...environment }));
    monitor.onApplicationBootstrap();
  };

  it.each([
    ['timers are late', { MAX_EVENT_LOOP_DELAY_MS: '200' }],
    ['the process uses too much CPU', { MAX_CPU_PERCENT: '30' }],
  ])(
    'admits nothing while %s, and admits again afterwards',
    async (_what, environment) => {
      start(environment);
      expect(monitor.admit()).toBe(true);
      const work = keepBusy();
      await eventually(() => !monitor.admit(), 'a busy server', 60_000);
      work.end();
      await eventually(() => monitor.admit(), 'a server that is free again', 60_000);
      expect(logger.faults).toMatchObject([{ level: 'warn', line: { message: expect.stringContaining('too high') } }]);
    },
    130_000,
  );

  it('admits nothing while the process is short of memory', async () => {
    start({ MAX_MEMORY_PERCENT: '1' });
    await eventually(() => !monitor.admit(), 'a server without memory', 60_000);
  }, 70_000);
});
