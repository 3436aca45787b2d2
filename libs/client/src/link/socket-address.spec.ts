import { addressWithToken, withAddress } from './socket-address';

describe('withAddress', () => {
  it.each([
    ['a text', 'ws://test/ws'],
    ['a function', () => 'ws://test/ws'],
  ] as const)('uses an address that is known, given as %s, at once', (_how, address) => {
    const use = jest.fn();
    withAddress(address, use, jest.fn());
    expect(use.mock.calls).toEqual([['ws://test/ws']]);
  });

  it('uses an address that comes later, and reports one that does not come', async () => {
    const [use, fail] = [jest.fn(), jest.fn()];
    const error = new Error('no');
    withAddress(async () => 'ws://test/ws', use, fail);
    withAddress(() => Promise.reject(error), use, fail);
    withAddress(() => Promise.reject('text'), use, fail);
    await new Promise((resolve) => setTimeout(resolve));
    expect([use.mock.calls, fail.mock.calls]).toEqual([[['ws://test/ws']], [[error], [expect.any(Error)]]]);
  });

  it('does neither once it is not wanted any more', async () => {
    const [use, fail] = [jest.fn(), jest.fn()];
    withAddress(async () => 'ws://test/ws', use, fail)();
    withAddress(() => Promise.reject(new Error('no')), use, fail)();
    await new Promise((resolve) => setTimeout(resolve));
    expect([use.mock.calls, fail.mock.calls]).toEqual([[], []]);
  });
});

describe('addressWithToken', () => {
  it.each([
    ['ws://test/ws', undefined, 'ws://test/ws'],
    ['ws://test/ws', 'a.b-c_d', 'ws://test/ws?token=a.b-c_d'],
    ['ws://test/ws/agent?language=en', 'a&b', 'ws://test/ws/agent?language=en&token=a%26b'],
  ])('of %s and %s is %s', (address, token, whole) => {
    expect(addressWithToken(address, token)).toBe(whole);
  });
});
