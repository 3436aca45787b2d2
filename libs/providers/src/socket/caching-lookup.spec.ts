import type { LookupAddress } from 'node:dns';
import { promisify } from 'node:util';
import { cachingLookup } from './caching-lookup';

describe('the lookup of addresses', () => {
  const ADDRESSES: LookupAddress[] = [
    { address: '::1', family: 6 },
    { address: '127.0.0.1', family: 4 },
  ];
  let nowMs = 0;
  let asked = 0;
  let isDown = false;
  beforeEach(() => void ([nowMs, asked, isDown] = [0, 0, false]));

  const create = () => {
    const lookup = cachingLookup(
      (_hostname, callback) => {
        asked += 1;
        if (isDown) callback(Object.assign(new Error('down'), { code: 'EAI_AGAIN' }), []);
        else callback(null, ADDRESSES);
      },
      () => nowMs,
    );
    return promisify((options: { all?: boolean; family?: number }, callback: (error: Error | null, address?: unknown) => void) =>
      lookup('vendor.example', options, (error, address) => callback(error, address)),
    );
  };

  it('asks once a minute', async () => {
    const lookup = create();
    expect(await lookup({ all: true })).toEqual(ADDRESSES);
    expect(await lookup({ all: true })).toEqual(ADDRESSES);
    expect(asked).toBe(1);
    nowMs = 60_001;
    await lookup({});
    expect(asked).toBe(2);
  });

  it('gives an address of the family that is asked for', async () => {
    const lookup = create();
    expect(await lookup({ family: 4 })).toBe('127.0.0.1');
    expect(await lookup({})).toBe('::1');
  });

  it('uses an older answer when there is no newer one', async () => {
    const lookup = create();
    await lookup({});
    [isDown, nowMs] = [true, 100_000];
    expect(await lookup({ family: 4 })).toBe('127.0.0.1');
  });

  it('reports a name that was never known', async () => {
    isDown = true;
    await expect(create()({})).rejects.toMatchObject({ code: 'EAI_AGAIN' });
  });
});
