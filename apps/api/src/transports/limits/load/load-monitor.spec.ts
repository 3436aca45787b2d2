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

  it('admits nothing while timers are late, and admits again afterwards', async () => {
    start({ MAX_EVENT_LOOP_DELAY_MS: '200' });
    expect(await monitor.admit()).toBe(true);
    const work = keepBusy();
    await eventually(() => logger.faults.length > 0, 'a busy server', 60_000);
    expect(await monitor.admit()).toBe(false);
    work.end();
    while (!(await monitor.admit()));
    expect(logger.faults).toMatchObject([{ level: 'warn', line: { message: expect.stringContaining('too high') } }]);
  }, 130_000);

  it('admits nothing while the process uses too much CPU', async () => {
    // Low, because on a machine with more to do the process gets only a part of a core.
    start({ MAX_CPU_PERCENT: '5' });
    const work = keepBusy();
    await eventually(() => logger.faults.length > 0, 'a busy server', 60_000);
    expect(await monitor.admit()).toBe(false);
    work.end();
  }, 90_000);

  it('admits nothing while the process is short of memory, and lets nobody wait when the server shuts down', async () => {
    start({ MAX_MEMORY_PERCENT: '1' });
    await eventually(() => logger.faults.length > 0, 'a server without memory', 60_000);
    expect(await monitor.admit()).toBe(false);
    const waits = monitor.admit();
    monitor.onApplicationShutdown();
    expect(await waits).toBe(false);
  }, 90_000);

  it('goes on while memory cannot be read, as when no file descriptors are left', async () => {
    const rss = jest.spyOn(process.memoryUsage, 'rss').mockImplementation(() => {
      throw new Error('EMFILE: too many open files');
    });
    start({ MAX_MEMORY_PERCENT: '90' });
    await eventually(() => rss.mock.calls.length > 1, 'a second look at the memory', 60_000);
    rss.mockRestore();
    expect(await monitor.admit()).toBe(true);
  }, 70_000);
});
