import { ReaderWatch } from './reader-watch';

const MEGABYTE = 1024 * 1024;

/** The server's end of a connection to a client, which reads when the test says so. */
class Client {
  bufferedAmount = 0;
  readonly pings: Buffer[] = [];
  readonly cuts: number[] = [];
  stuck = 0;
  canAnswer = true;
  readonly watch: ReaderWatch;

  constructor(goesOn = false) {
    this.watch = new ReaderWatch({
      socket: this,
      onCut: (turn) => this.cuts.push(turn),
      onStuck: () => (this.stuck += 1),
      canAnswer: () => this.canAnswer,
      goesOn,
    });
  }

  ping(data: Buffer): void {
    this.pings.push(data);
  }

  /** The server sends speech, if it may. */
  speak(turn = 1, bytes = 1_000): boolean {
    const isAdmitted = this.watch.admits(turn);
    if (isAdmitted) this.watch.sent(bytes);
    return isAdmitted;
  }

  reads(): void {
    const last = this.pings.at(-1);
    if (last) this.watch.answered(last);
  }
}

const seconds = (count: number): void => void jest.advanceTimersByTime(count * 1_000);

describe('ReaderWatch', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('sends no ping to a client that is sent nothing, and a client that has read everything leaves no timer', () => {
    const client = new Client();
    seconds(60);
    expect([client.pings.length, jest.getTimerCount()]).toEqual([0, 0]);
    client.speak();
    seconds(1);
    client.reads();
    seconds(1);
    expect([client.pings.length, jest.getTimerCount()]).toEqual([1, 0]);
  });

  it('never cuts the speech of a client that reads', () => {
    const client = new Client();
    for (let second = 0; second < 300; second++) {
      for (let frame = 0; frame < 10; frame++) expect(client.speak(1, 4_800)).toBe(true);
      seconds(1);
      client.reads();
    }
    expect([client.cuts, client.stuck]).toEqual([[], 0]);
  });

  it('never cuts the speech of a client that reads slowly, as long as it reads', () => {
    const client = new Client();
    client.speak(1, 500_000);
    for (let second = 0; second < 60; second++) {
      client.speak(1, 65_536);
      seconds(1);
      const read = client.pings[Math.floor(second / 9)];
      if (read) client.watch.answered(read);
    }
    expect([client.cuts, client.stuck]).toEqual([[], 0]);
  });

  it('sends a ping after 64 KB of speech, and otherwise one in a second', () => {
    const client = new Client();
    client.speak(1, 65_536);
    expect(client.pings).toHaveLength(1);
    for (let frame = 0; frame < 10; frame++) client.speak();
    expect(client.pings).toHaveLength(1);
    seconds(1);
    expect(client.pings).toHaveLength(2);
  });

  it('cuts the speech of a client that reads nothing for ten seconds, and ends its connection after ten more', () => {
    const client = new Client();
    client.speak(3);
    seconds(9);
    expect([client.speak(3), client.cuts]).toEqual([true, []]);
    seconds(1);
    expect([client.speak(3), client.cuts]).toEqual([false, [3]]);
    seconds(9);
    expect(client.stuck).toBe(0);
    seconds(1);
    expect([client.stuck, jest.getTimerCount(), client.speak(4)]).toEqual([1, 0, false]);
  });

  it('cuts the speech as soon as more than a megabyte waits, and ends the connection only if nothing is read', () => {
    const client = new Client();
    client.speak();
    client.bufferedAmount = MEGABYTE + 1;
    expect([client.speak(), client.speak(), client.cuts]).toEqual([false, false, [1]]);
    for (let second = 0; second < 60; second++) {
      seconds(1);
      client.reads();
    }
    expect(client.stuck).toBe(0);
  });

  it('leaves the turn that was cut without its rest, and sends the next one when the client reads again', () => {
    const client = new Client();
    client.speak(1);
    seconds(12);
    client.reads();
    expect([client.speak(1), client.speak(2), client.cuts]).toEqual([false, true, [1]]);
  });

  it('cuts each turn once while the client goes on reading too slowly', () => {
    const client = new Client();
    client.speak(1);
    client.bufferedAmount = 2 * MEGABYTE;
    for (const turn of [1, 1, 2, 2, 3]) client.speak(turn);
    expect(client.cuts).toEqual([1, 2, 3]);
  });

  it('goes on with a turn that may go on, as soon as everything was read', () => {
    const client = new Client(true);
    client.speak();
    seconds(11);
    expect(client.speak()).toBe(false);
    client.reads();
    seconds(1);
    expect([client.speak(), client.cuts]).toEqual([true, [1]]);
  });

  it('does not count the time in which no answer can arrive', () => {
    const client = new Client();
    client.speak();
    client.canAnswer = false;
    seconds(60);
    expect([client.cuts, client.stuck]).toEqual([[], 0]);
    client.canAnswer = true;
    seconds(20);
    expect([client.cuts, client.stuck]).toEqual([[1], 1]);
  });

  it('takes no answer for progress that belongs to no ping, or was given before', () => {
    const client = new Client();
    client.speak();
    seconds(1);
    client.reads();
    client.speak();
    for (let second = 0; second < 20; second++) {
      seconds(1);
      for (const data of [[0, 0, 0, 1], [0, 0, 9, 9], [], [1]]) client.watch.answered(Uint8Array.from(data));
    }
    expect([client.cuts, client.stuck]).toEqual([[1], 1]);
  });

  it('does nothing more after it was stopped', () => {
    const client = new Client();
    client.speak();
    client.watch.stop();
    client.watch.stop();
    seconds(60);
    expect([client.speak(), client.cuts, client.stuck, jest.getTimerCount()]).toEqual([false, [], 0, 0]);
  });
});
