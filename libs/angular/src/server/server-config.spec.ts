import { TestBed } from '@angular/core/testing';
import { type BrowserFakes, installBrowserFakes, publicConfig, settled } from '@parley/client/testing';
import { provideEndpoints } from '../endpoints';
import { TEST_ENDPOINTS } from '../testing/test-endpoints';
import { CONFIG_TIMEOUT_MS } from './fetch-config';
import { CONFIG_RETRY_DELAYS_MS, ServerConfig } from './server-config';

describe('ServerConfig', () => {
  let fakes: BrowserFakes;
  const known = jest.fn();

  /** Advances the time and lets everything happen that was waiting for it. */
  const passes = async (durationMs: number): Promise<void> => {
    jest.advanceTimersByTime(durationMs);
    await settled();
  };
  const giveUp = async (): Promise<void> => {
    for (const delayMs of CONFIG_RETRY_DELAYS_MS) await passes(delayMs);
  };
  const open = async (config: BrowserFakes['config']): Promise<ServerConfig> => {
    fakes.config = config;
    const server = TestBed.inject(ServerConfig);
    await settled();
    return server;
  };

  beforeEach(() => {
    jest.useFakeTimers();
    fakes = installBrowserFakes();
    TestBed.configureTestingModule({ providers: [provideEndpoints(() => TEST_ENDPOINTS)] });
  });
  afterEach(async () => {
    TestBed.resetTestingModule();
    await settled();
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
    jest.clearAllMocks();
    fakes.restore();
  });

  it('asks only once when the server answers', async () => {
    const server = await open(publicConfig());
    await passes(60_000);
    expect([server.config(), fakes.configRequests]).toEqual([publicConfig(), 1]);
    expect(await server.answered).toEqual(publicConfig());
  });

  it('asks again at growing intervals, and then stops', async () => {
    await open(undefined);
    for (const [index, delayMs] of CONFIG_RETRY_DELAYS_MS.entries()) {
      await passes(delayMs - 1);
      expect(fakes.configRequests).toBe(index + 1);
      await passes(1);
      expect(fakes.configRequests).toBe(index + 2);
    }
    await passes(600_000);
    expect(fakes.configRequests).toBe(CONFIG_RETRY_DELAYS_MS.length + 1);
  });

  it('asks again when the server is too slow to answer', async () => {
    const server = await open('never');
    await passes(CONFIG_TIMEOUT_MS);
    fakes.config = publicConfig();
    await passes(CONFIG_RETRY_DELAYS_MS[0] ?? NaN);
    expect(server.config()).toEqual(publicConfig());
  });

  it('waits for the current attempt, up to the given time', async () => {
    const server = await open('never');
    void server.known(1_000).then(known);
    await passes(999);
    expect(known).not.toHaveBeenCalled();
    await passes(1);
    expect(known).toHaveBeenCalledTimes(1);
  });

  it('does not wait when no attempt is in progress', async () => {
    const server = await open(undefined);
    void server.known(1_000).then(known);
    await settled();
    expect([known.mock.calls.length, fakes.configRequests]).toEqual([1, 1]);
  });

  it('starts asking again when the configuration is needed after it gave up', async () => {
    const server = await open(undefined);
    await giveUp();
    fakes.config = publicConfig();
    await server.known(1_000);
    expect(server.config()).toEqual(publicConfig());
  });

  it.each<[string, BrowserFakes['config']]>([
    ['between attempts', undefined],
    ['during an attempt', 'never'],
  ])('stops when the page is left %s', async (_name, config) => {
    const server = await open(config);
    void server.known(1_000);
    TestBed.resetTestingModule();
    await passes(600_000);
    expect(fakes.configRequests).toBe(1);
  });
});
