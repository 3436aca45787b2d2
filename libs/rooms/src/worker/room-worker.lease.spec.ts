import { onVirtualTime, pass } from '@parley/engine/testing';
import type { FakeAttendee } from './testing/fake-attendees';
import { TestWorker } from './testing/test-worker';

describe('RoomWorker: the lease of a room', () => {
  let test: TestWorker;
  afterEach(() => test.end());
  onVirtualTime();
  beforeEach(() => (test = new TestWorker()));

  async function attend(): Promise<FakeAttendee> {
    test.give('AJ_1');
    await pass(10);
    return test.rooms.all[0];
  }

  it('is renewed for as long as the call goes on', async () => {
    const attendee = await attend();
    for (let seconds = 0; seconds < 10; seconds++) {
      await pass(1_000);
      expect(await test.store.holder()).toBe('AJ_1');
    }
    expect(attendee.log).toEqual([]);
  });

  it('makes the assistant silent and leave as soon as it is lost, without touching what is another one’s now', async () => {
    const attendee = await attend();
    await test.store.takeAway();
    await pass(600);
    expect(attendee.log).toEqual(['silent', 'leave lease_lost', 'end lease_lost']);
    attendee.turn(3);
    await pass(500);
    expect(test.store.saves).toEqual([]);
    expect(await test.store.holder()).toBe('another');
    expect(test.outcomes).toEqual(['AJ_1 running', 'AJ_1 success']);
  });

  it('makes the assistant leave at once when it is lost during the join', async () => {
    test.rooms.isManual = true;
    test.give('AJ_1');
    await pass(10);
    await test.store.takeAway();
    await pass(600);
    test.rooms.waiting[0].join();
    await pass(10);
    expect(test.rooms.all[0].left).toEqual(['lease_lost']);
    expect(test.outcomes).not.toContain('AJ_1 running');
    expect(await test.store.holder()).toBe('another');
  });

  it('is looked at again as soon as the assistant has joined', async () => {
    test.rooms.isManual = true;
    test.give('AJ_1');
    await pass(520);
    await test.store.takeAway();
    test.rooms.waiting[0].join();
    await pass(20);
    expect(test.rooms.all[0].left).toEqual(['lease_lost']);
  });

  it('is looked at again as soon as the connection to the room is back', async () => {
    const attendee = await attend();
    await pass(520);
    await test.store.takeAway();
    attendee.request.onReconnected();
    await pass(20);
    expect(attendee.left).toEqual(['lease_lost']);
  });

  describe('while the connection to the room is interrupted', () => {
    it('is renewed at first, and nothing changes for the assistant', async () => {
      const attendee = await attend();
      attendee.request.onReconnecting();
      await pass(3_000);
      expect(await test.store.holder()).toBe('AJ_1');
      attendee.request.onReconnected();
      await pass(3_000);
      expect(await test.store.holder()).toBe('AJ_1');
      expect(attendee.log).toEqual([]);
    });

    it('runs out when that takes long, so that people get another assistant', async () => {
      const attendee = await attend();
      attendee.request.onReconnecting();
      await pass(7_000);
      expect(await test.store.isLost()).toBe(true);
      expect(attendee.log).toEqual(['silent']);
    });

    it('is taken again when the connection is back and nobody has noticed, and only then the assistant is audible', async () => {
      const attendee = await attend();
      attendee.request.onReconnecting();
      await pass(20_000);
      test.store.latencyMs = 100;
      attendee.request.onReconnected();
      await pass(80);
      expect(attendee.log).toEqual(['silent']);
      await pass(100);
      expect(attendee.log).toEqual(['silent', 'audible']);
      expect(await test.store.holder()).toBe('AJ_1');
      await pass(5_000);
      expect(await test.store.holder()).toBe('AJ_1');
    });

    it('makes the assistant leave without a sound when the connection is back and another one has come', async () => {
      const attendee = await attend();
      attendee.request.onReconnecting();
      await pass(7_000);
      await test.store.takeAway();
      attendee.request.onReconnected();
      await pass(20);
      expect(attendee.log).toEqual(['silent', 'silent', 'leave lease_lost', 'end lease_lost']);
      expect(await test.store.holder()).toBe('another');
    });

    it('counts from the first interruption until it is back, however often it is interrupted', async () => {
      const attendee = await attend();
      for (let seconds = 0; seconds < 7; seconds++) {
        attendee.request.onReconnecting();
        await pass(1_000);
      }
      expect(await test.store.isLost()).toBe(true);
    });
  });

  describe('after the process was stopped', () => {
    it('makes the assistant silent first, and audible again when nobody else has the room', async () => {
      const attendee = await attend();
      test.store.latencyMs = 100;
      await pass(700);
      test.wasStoppedFor(600);
      await pass(340);
      expect(attendee.log).toEqual(['silent']);
      await pass(200);
      expect(attendee.log).toEqual(['silent', 'audible']);
    });

    it('makes it leave without a sound when another assistant has come', async () => {
      const attendee = await attend();
      test.wasStoppedFor(10_000);
      await test.store.takeAway();
      await pass(600);
      expect(attendee.log).toEqual(['silent', 'silent', 'leave lease_lost', 'end lease_lost']);
    });

    it('lets it go on although the lease has run out, if nobody has noticed', async () => {
      const attendee = await attend();
      test.wasStoppedFor(10_000);
      await pass(600);
      expect(attendee.log).toEqual(['silent', 'audible']);
      expect(await test.store.holder()).toBe('AJ_1');
    });

    it('makes it leave when another assistant is on the way', async () => {
      const attendee = await attend();
      test.wasStoppedFor(10_000);
      await test.store.replace();
      await pass(600);
      expect(attendee.left).toEqual(['lease_lost']);
    });

    it('does not believe an answer that was on its way since before', async () => {
      const attendee = await attend();
      test.store.latencyMs = 400;
      await pass(600);
      test.wasStoppedFor(10_000);
      attendee.request.onReconnected();
      await pass(340);
      expect(attendee.log).toEqual(['silent']);
      await test.store.takeAway();
      await pass(500);
      expect(attendee.left).toEqual(['lease_lost']);
    });

    it('makes an assistant that joined meanwhile silent as well', async () => {
      test.rooms.isManual = true;
      test.give('AJ_1');
      await pass(10);
      test.wasStoppedFor(600);
      test.store.hangs = true;
      await pass(510);
      test.rooms.waiting[0].join();
      await pass(10);
      expect(test.rooms.all[0].log).toEqual(['silent']);
    });
  });

  describe('while the store is away', () => {
    it.each([
      ['rejects', () => (test.store.isAway = true)],
      ['does not answer', () => (test.store.hangs = true)],
    ])('keeps the room although the store %s, and takes it again when nobody has it', async (_, fail) => {
      const attendee = await attend();
      fail();
      await pass(30_000);
      expect(attendee.log).toEqual([]);
      expect(await test.store.holder()).toBeUndefined();
      test.store.isAway = false;
      test.store.hangs = false;
      await pass(1_600);
      expect(await test.store.holder()).toBe('AJ_1');
      expect(attendee.log).toEqual([]);
      expect(test.logger.faults).toHaveLength(1);
    });

    it('takes the room again from a store that was restarted empty, and gives it the memory again', async () => {
      const attendee = await attend();
      attendee.turn(4);
      await pass(100);
      test.store.restartEmpty();
      await pass(1_000);
      expect(await test.store.holder()).toBe('AJ_1');
      expect(test.store.saves).toEqual([4, 4]);
      expect(attendee.log).toEqual([]);
    });

    it('leaves when the store is back and another assistant has the room', async () => {
      const attendee = await attend();
      test.store.isAway = true;
      await pass(3_000);
      test.store.isAway = false;
      await test.store.takeAway();
      await pass(600);
      expect(attendee.left).toEqual(['lease_lost']);
      expect(await test.store.holder()).toBe('another');
    });

    it('lets a new room wait, and joins it when the store is back', async () => {
      test.store.isAway = true;
      test.give('AJ_1');
      await pass(4_000);
      expect(test.rooms.all).toEqual([]);
      test.store.isAway = false;
      await pass(300);
      expect(test.rooms.present).toHaveLength(1);
    });

    it('gives a new room up after ten seconds', async () => {
      test.store.isAway = true;
      test.give('AJ_1');
      await pass(10_500);
      expect(test.outcomes).toEqual(['AJ_1 failed: the store of the rooms cannot be reached']);
      expect(test.worker.resources().rooms).toBe(0);
    });
  });
});

describe('RoomWorker: the memory of a conversation', () => {
  onVirtualTime();

  it('is saved after each turn, in order, and only the latest of those that came while the store was busy', async () => {
    const test = new TestWorker();
    test.give('AJ_1');
    await pass(10);
    const [attendee] = test.rooms.all;
    test.store.latencyMs = 200;
    for (const turn of [1, 2, 3]) attendee.turn(turn);
    await pass(500);
    expect(test.store.saves).toEqual([1, 3]);
    attendee.end('ended');
    await pass(2_000);
    await test.worker.close();
  });

  it('is saved when the store is back', async () => {
    const test = new TestWorker();
    test.give('AJ_1');
    await pass(10);
    test.store.isAway = true;
    test.rooms.all[0].turn(1);
    await pass(4_000);
    test.store.isAway = false;
    await pass(1_100);
    expect(test.store.saves).toEqual([1]);
    test.rooms.all[0].end('ended');
    await pass(1_000);
    await test.worker.close();
  });

  it('is saved to the end before the room is handed over', async () => {
    const test = new TestWorker();
    test.give('AJ_1');
    await pass(10);
    test.store.latencyMs = 200;
    test.rooms.all[0].turn(1);
    test.rooms.all[0].turn(2);
    const closed = test.worker.close();
    await pass(2_000);
    await closed;
    expect(test.store.saves).toEqual([1, 2]);
  });
});
