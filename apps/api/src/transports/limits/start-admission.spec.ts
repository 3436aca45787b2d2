import { StartAdmission } from './start-admission';

describe('StartAdmission', () => {
  let counted: string[];
  let begun: string[];
  beforeEach(() => {
    counted = [];
    begun = [];
  });
  const admission = ({ isBusy = false, waitMs }: { isBusy?: boolean; waitMs?: number } = {}): StartAdmission =>
    new StartAdmission(
      { admit: async () => !isBusy },
      {
        begin: async (address) => {
          begun.push(address);
          return waitMs;
        },
      },
      { count: (reason) => counted.push(reason) },
    );

  it('lets an address begin something on a server with little to do', async () => {
    expect(await admission().judge('192.0.2.1')).toBeUndefined();
    expect([begun, counted]).toEqual([['192.0.2.1'], []]);
  });

  it('refuses what is new on a busy server, and says when to come back', async () => {
    expect(await admission({ isBusy: true }).judge('192.0.2.1')).toMatchObject({ code: 'server_busy', retryAfterMs: 5_000 });
    expect(counted).toEqual(['load']);
  });

  it('refuses an address that begins too much, and says when it may again', async () => {
    expect(await admission({ waitMs: 12_345 }).judge('192.0.2.1')).toMatchObject({ code: 'rate_limited', retryAfterMs: 12_345 });
    expect(counted).toEqual(['address_starts']);
  });

  it('counts what a client tries on a busy server, so that it cannot try without end', async () => {
    await admission({ isBusy: true, waitMs: 1_000 }).judge('192.0.2.1');
    expect([begun, counted]).toEqual([['192.0.2.1'], ['address_starts']]);
  });
});
