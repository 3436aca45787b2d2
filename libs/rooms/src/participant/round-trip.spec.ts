import { onVirtualTime, pass, RecordingLogger } from '@parley/engine/testing';
import { RoundTrip, roundTripMsOf } from './round-trip';

describe('RoundTrip', () => {
  let trip: RoundTrip;
  afterEach(() => trip.stop());
  onVirtualTime();
  const measured: (number | undefined | 'fails' | 'hangs')[] = [];
  const reports: number[] = [];
  const logger = new RecordingLogger();

  beforeEach(() => {
    measured.length = 0;
    reports.length = 0;
    const measure = async (): Promise<number | undefined> => {
      const next = measured.shift();
      if (next === 'fails') throw new Error('not connected');
      return next === 'hangs' ? new Promise<never>(() => undefined) : next;
    };
    trip = new RoundTrip({ measure, report: (ms) => reports.push(ms), logger });
    trip.start();
  });

  it('is told a few times a minute, in whole milliseconds, and only when it has changed', async () => {
    measured.push(12.4, 11.6, 30, 30, 12);
    await pass(5_000);
    expect(reports).toEqual([12]);
    await pass(60_000);
    expect(reports).toEqual([12, 30, 12]);
    expect(measured).toEqual([]);
  });

  it('is not told before it is known, and goes on after a failure', async () => {
    measured.push(undefined, 'fails', 0);
    await pass(20_000);
    expect(reports).toEqual([]);
    await pass(20_000);
    expect(reports).toEqual([0]);
    expect(logger.faults).toEqual([]);
  });

  it('is told again to who has forgotten it, if it was told at all', async () => {
    trip.reportAgain();
    measured.push(7);
    await pass(3_000);
    trip.reportAgain();
    expect(reports).toEqual([7, 7]);
  });

  it('is not told after the end, and a measurement that takes for ever holds nothing up', async () => {
    measured.push('hangs', 5);
    await pass(3_000);
    trip.stop();
    trip.reportAgain();
    await pass(60_000);
    expect(reports).toEqual([]);
  });
});

describe('the round trip in the statistics of a connection', () => {
  const pair = (id: string, currentRoundTripTime: number, responsesReceived = 3n) => ({
    stats: { case: 'candidatePair', value: { rtc: { id }, candidatePair: { currentRoundTripTime, responsesReceived } } },
  });
  const transport = (selectedCandidatePairId: string) => ({
    stats: { case: 'transport', value: { transport: { selectedCandidatePairId } } },
  });
  const other = { stats: { case: 'codec', value: {} } };
  const read = (publisherStats: object[], subscriberStats: object[] = []) =>
    roundTripMsOf({ publisherStats, subscriberStats } as Parameters<typeof roundTripMsOf>[0]);

  it('is that of the pair of addresses that is in use', () => {
    expect(read([other, pair('a', 0.9), pair('b', 0.042), transport('b')])).toBeCloseTo(42);
  });

  it('is found where only the other direction has a connection', () => {
    expect(read([other], [transport('c'), pair('c', 0.004)])).toBeCloseTo(4);
  });

  it('is unknown before the first answer, and without a pair in use', () => {
    expect(read([pair('a', 0, 0n), transport('a')])).toBeUndefined();
    expect(read([pair('a', 0.9), transport('b')])).toBeUndefined();
    expect(read([])).toBeUndefined();
  });
});
