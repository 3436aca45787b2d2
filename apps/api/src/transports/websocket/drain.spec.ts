import { pass, startVirtualTime } from '@parley/engine/testing';
import { drain, endTimes } from './drain';

class FakeConnection {
  isInTurn = false;
  endedAtMs: number | undefined;

  constructor(private readonly sinceMs = performance.now()) {}

  shutDown(): void {
    this.endedAtMs ??= performance.now() - this.sinceMs;
  }
}

describe('A drain', () => {
  let isOver: boolean;

  beforeEach(() => {
    startVirtualTime();
    isOver = false;
  });
  afterEach(() => {
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });

  const start = (connections: FakeConnection[], isEmpty = (): boolean => connections.every(({ endedAtMs }) => endedAtMs !== undefined)) =>
    void drain(connections, { withinMs: 10_000, isEmpty }).then(() => (isOver = true));

  it('leaves the first half of its time to the conversations, and spreads their ends over the next quarter', () => {
    expect(endTimes(1, 10_000)).toEqual([5_000]);
    expect(endTimes(5, 10_000)).toEqual([5_000, 5_500, 6_000, 6_500, 7_000]);
  });

  it('ends conversations between two turns when their time has come, and then is over', async () => {
    const connections = [new FakeConnection(), new FakeConnection()];
    start(connections);
    await pass(4_900);
    expect(connections.map(({ endedAtMs }) => endedAtMs)).toEqual([undefined, undefined]);
    await pass(5_100);
    expect(connections.map(({ endedAtMs }) => endedAtMs)).toEqual([5_000, 6_300]);
    expect(isOver).toBe(true);
  });

  it('waits for the end of a turn, and cuts none', async () => {
    const connection = new FakeConnection();
    connection.isInTurn = true;
    start([connection]);
    await pass(8_000);
    expect(connection.endedAtMs).toBeUndefined();
    connection.isInTurn = false;
    await pass(100);
    expect(connection.endedAtMs).toBe(8_100);
    expect(isOver).toBe(true);
  });

  it('is over when its time is, whatever goes on', async () => {
    const connection = new FakeConnection();
    connection.isInTurn = true;
    start([connection]);
    await pass(9_900);
    expect(isOver).toBe(false);
    await pass(100);
    expect([isOver, connection.endedAtMs]).toEqual([true, undefined]);
  });

  it('is over at once when there is nobody', async () => {
    start([]);
    await pass(0);
    expect(isOver).toBe(true);
  });

  it('waits until the clients that were told to leave have left', async () => {
    start([new FakeConnection()], () => false);
    await pass(9_900);
    expect(isOver).toBe(false);
    await pass(100);
    expect(isOver).toBe(true);
  });
});
