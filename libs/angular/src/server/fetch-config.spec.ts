import { type BrowserFakes, installBrowserFakes, publicConfig } from '@parley/client/testing';
import { CONFIG_TIMEOUT_MS, fetchConfig } from './fetch-config';

describe('fetchConfig', () => {
  let fakes: BrowserFakes;
  let leaving: AbortController;
  beforeEach(() => {
    jest.useFakeTimers();
    fakes = installBrowserFakes();
    leaving = new AbortController();
  });
  afterEach(() => {
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
    fakes.restore();
  });

  it('returns the configuration that the server sends', async () => {
    expect(await fetchConfig('/api/config', leaving.signal)).toEqual(publicConfig());
  });

  it.each([
    ['an error', undefined],
    ['an object without stages', { product: 'Parley' }],
    ['stages that are not an object', { stages: 'x' }],
    ['stages of which one is missing', { stages: { stt: {}, llm: {} } }],
    ['text', 'hello'],
  ])('returns nothing when the server answers with %s', async (_name, answer) => {
    Object.assign(fakes, { config: answer });
    expect(await fetchConfig('/api/config', leaving.signal)).toBeUndefined();
  });

  it('returns nothing when the server cannot be reached', async () => {
    Object.defineProperty(globalThis, 'fetch', { value: () => Promise.reject(new TypeError('offline')), configurable: true });
    expect(await fetchConfig('/api/config', leaving.signal)).toBeUndefined();
  });

  it('returns nothing when the server does not answer in time', async () => {
    fakes.config = 'never';
    const asked = fetchConfig('/api/config', leaving.signal);
    jest.advanceTimersByTime(CONFIG_TIMEOUT_MS);
    expect(await asked).toBeUndefined();
  });

  it('gives up at once when the page is left', async () => {
    fakes.config = 'never';
    const asked = fetchConfig('/api/config', leaving.signal);
    leaving.abort();
    expect(jest.getTimerCount()).toBe(0);
    expect(await asked).toBeUndefined();
  });
});
