import { ServiceHealth } from './service-health';

describe('the health of services', () => {
  it('is away where a service says so or fails, and ok elsewhere', async () => {
    const health = new ServiceHealth({ postgres: () => Promise.reject(new Error('refused')), redis: () => Promise.resolve(true) });
    expect(await health.report()).toEqual({ postgres: 'away', redis: 'ok' });
    expect(await new ServiceHealth({ redis: () => Promise.resolve(false) }).report()).toEqual({ redis: 'away' });
  });

  it('is away where a service says nothing at all', async () => {
    jest.useFakeTimers();
    const report = new ServiceHealth({ postgres: () => new Promise(() => undefined) }).report();
    await jest.advanceTimersByTimeAsync(2_000);
    expect(await report).toEqual({ postgres: 'away' });
    jest.useRealTimers();
  });

  it('is asked for once for all who ask at the same time', async () => {
    let asked = 0;
    const health = new ServiceHealth({
      postgres: async () => {
        asked++;
        return true;
      },
    });
    await Promise.all([health.report(), health.report(), health.report()]);
    expect(asked).toBe(1);
  });
});
