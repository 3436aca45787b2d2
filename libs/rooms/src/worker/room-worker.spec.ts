import { onVirtualTime, pass } from '@parley/engine/testing';
import { TestWorker } from './testing/test-worker';

describe('RoomWorker', () => {
  let test: TestWorker;
  afterEach(() => test.end());
  onVirtualTime();
  beforeEach(() => (test = new TestWorker()));

  it('joins the room of a job under the identity that it has announced, with the memory of the room', async () => {
    await test.store.known.saveMemory(await test.lostAssistant(), { messages: [], earlier: ['before'], turn: 7 });
    await test.store.known.abandonLease(await test.lostAssistant());
    expect(test.offer('AJ_1')).toEqual({ identity: 'agent-AJ_1', name: 'Parley' });
    test.assign('AJ_1', 'lobby', '{"engine":"agent"}');
    await pass(10);
    const [attendee] = test.rooms.all;
    expect(attendee.job).toEqual({
      jobId: 'AJ_1',
      room: 'lobby',
      url: 'ws://media.test',
      token: 'token of AJ_1',
      identity: 'agent-AJ_1',
      metadata: '{"engine":"agent"}',
    });
    expect(attendee.memory).toMatchObject({ turn: 7 });
    expect(await test.store.known.leaseOf('lobby')).toEqual({ room: 'lobby', jobId: 'AJ_1', identity: 'agent-AJ_1', workerId: 'w1' });
    expect(test.outcomes).toEqual(['AJ_1 running']);
    expect(test.worker.resources()).toEqual({ slots: 4, rooms: 1, reserved: 0, isRegistered: true, isDraining: false });
  });

  it.each(['empty', 'ended'] as const)('gives room and slot back when the assistant leaves because the room is %s', async (reason) => {
    test.give('AJ_1');
    await pass(10);
    test.rooms.all[0].end(reason);
    await pass(10);
    expect(test.outcomes).toEqual(['AJ_1 running', 'AJ_1 success']);
    expect([await test.store.holder(), await test.store.isLost()]).toEqual([undefined, false]);
    expect(test.worker.resources().rooms).toBe(0);
  });

  it.each([
    ['empty', { isGranted: true, attempt: 1 }],
    ['ended', { isGranted: false, because: 'left' }],
  ] as const)('lets people get another assistant who come after it has left because the room was %s, or not', async (reason, claim) => {
    test.give('AJ_1');
    await pass(10);
    test.rooms.all[0].end(reason);
    await pass(10);
    expect(await test.store.known.claimDispatch('lobby', { type: 'none' })).toEqual(claim);
  });

  it.each(['disconnected', 'failed'] as const)(
    'gives the room up when the assistant is %s, so that it gets another one at once',
    async (reason) => {
      test.give('AJ_1');
      await pass(10);
      test.rooms.all[0].end(reason);
      await pass(10);
      expect(test.outcomes).toEqual(['AJ_1 running', `AJ_1 failed: ${reason}`]);
      expect([await test.store.holder(), await test.store.isLost()]).toEqual([undefined, true]);
    },
  );

  it('takes as many rooms as it has slots, and tells the media server of every change', async () => {
    const answers = [1, 2, 3, 4, 5].map((job) => test.offer(`AJ_${job}`, `room ${job}`) !== undefined);
    expect(answers).toEqual([true, true, true, true, false]);
    const { reports } = test;
    test.assign('AJ_1', 'room 1');
    expect(test.server.report()).toEqual({ isFull: true, load: 0.69, rooms: 1 });
    expect(test.reports).toBe(reports + 1);
    await pass(10);
    test.rooms.all[0].end('empty');
    await pass(10);
    expect(test.server.report()).toMatchObject({ isFull: false, rooms: 0 });
    expect(test.reports).toBe(reports + 2);
  });

  it('refuses an assignment for which there is no slot', async () => {
    for (const job of [1, 2, 3, 4]) test.give(`AJ_${job}`, `room ${job}`);
    test.assign('AJ_5', 'room 5');
    await pass(10);
    expect(test.outcomes).toContain('AJ_5 failed: the worker is full');
    expect(test.rooms.all).toHaveLength(4);
  });

  it('joins once when a job is assigned twice', async () => {
    test.give('AJ_1');
    test.assign('AJ_1');
    await pass(10);
    expect(test.rooms.all).toHaveLength(1);
  });

  it('does not join a room that another assistant has', async () => {
    await test.store.takeAway();
    test.give('AJ_1');
    await pass(10);
    expect(test.rooms.all).toEqual([]);
    expect(test.outcomes).toEqual(['AJ_1 failed: another assistant has the room']);
    expect(await test.store.holder()).toBe('another');
    expect(test.worker.resources().rooms).toBe(0);
  });

  it('joins one room once when two jobs for it come at the same moment', async () => {
    test.store.latencyMs = 30;
    test.give('AJ_1');
    test.give('AJ_2');
    await pass(200);
    expect(test.rooms.present).toHaveLength(1);
    expect(test.outcomes.sort()).toEqual(['AJ_1 running', 'AJ_2 failed: another assistant has the room']);
  });

  it('gives the slot back when the room cannot be joined', async () => {
    test.rooms.isManual = true;
    test.give('AJ_1');
    await pass(10);
    test.rooms.waiting[0].fail();
    await pass(10);
    expect(test.outcomes).toEqual(['AJ_1 failed: failed']);
    expect(test.worker.resources().rooms).toBe(0);
  });

  it('gives up a join that takes too long, and does not stay if it comes about later', async () => {
    test.rooms.isManual = true;
    test.give('AJ_1');
    await pass(20_100);
    expect(test.outcomes).toEqual(['AJ_1 failed: failed']);
    test.rooms.waiting[0].join();
    await pass(10);
    expect(test.rooms.all[0].left).toEqual(['failed']);
  });

  describe('when the media server ends the job', () => {
    it('leaves the room and gives it back', async () => {
      test.give('AJ_1');
      await pass(10);
      test.server.terminate('AJ_1');
      await pass(10);
      expect(test.rooms.all[0].left).toEqual(['terminated']);
      expect(test.outcomes).toEqual(['AJ_1 running', 'AJ_1 success']);
      expect([await test.store.holder(), await test.store.isLost()]).toEqual([undefined, false]);
    });

    it('leaves at once if that happens while it joins', async () => {
      test.rooms.isManual = true;
      test.give('AJ_1');
      await pass(10);
      test.server.terminate('AJ_1');
      test.rooms.waiting[0].join();
      await pass(10);
      expect(test.rooms.all[0].left).toEqual(['terminated']);
      expect(test.outcomes).toEqual(['AJ_1 success']);
      expect([await test.store.holder(), await test.store.isLost()]).toEqual([undefined, false]);
    });

    it('does not join if that happens while it takes the lease', async () => {
      test.store.latencyMs = 50;
      test.give('AJ_1');
      await pass(20);
      test.server.terminate('AJ_1');
      await pass(300);
      expect(test.rooms.all).toEqual([]);
      expect(test.outcomes).toEqual(['AJ_1 success']);
      expect([await test.store.holder(), await test.store.isLost()]).toEqual([undefined, false]);
    });

    it('frees the slot of a job that was never assigned', () => {
      test.offer('AJ_1');
      test.server.terminate('AJ_1');
      expect(test.worker.resources().reserved).toBe(0);
    });

    it('frees the slot although the room is not left in the orderly way', async () => {
      test.give('AJ_1');
      await pass(10);
      test.rooms.all[0].leaves = false;
      test.server.terminate('AJ_1');
      await pass(5_100);
      expect(test.worker.resources().rooms).toBe(0);
    });
  });

  it('goes on with its calls when the connection to the media server is lost, and forgets what was only offered', async () => {
    test.give('AJ_1');
    test.offer('AJ_2', 'second');
    await pass(10);
    test.server.disconnected();
    await pass(2_000);
    expect(test.rooms.present).toHaveLength(1);
    expect(test.worker.resources()).toMatchObject({ rooms: 1, reserved: 0 });
  });

  describe('when it drains', () => {
    it('takes no new room, and is done when its calls have ended', async () => {
      test.give('AJ_1');
      await pass(10);
      let isDrained = false;
      void test.worker.drain(3_600_000).then(() => (isDrained = true));
      expect(test.server.report()).toMatchObject({ isFull: true, rooms: 1 });
      expect(test.offer('AJ_2', 'second')).toBeUndefined();
      await pass(5_000);
      expect([isDrained, test.rooms.present.length]).toEqual([false, 1]);
      test.rooms.all[0].end('empty');
      await pass(200);
      expect(isDrained).toBe(true);
    });

    it('still takes the room that it had accepted before, because nobody else was asked', async () => {
      test.offer('AJ_1');
      let isDrained = false;
      void test.worker.drain(3_600_000).then(() => (isDrained = true));
      await pass(300);
      test.assign('AJ_1');
      await pass(10);
      expect([isDrained, test.rooms.present.length]).toEqual([false, 1]);
      test.rooms.all[0].end('empty');
      await pass(200);
      expect(isDrained).toBe(true);
    });

    it('does not wait for ever for a room that it had accepted', async () => {
      test.offer('AJ_1');
      let isDrained = false;
      void test.worker.drain(3_600_000).then(() => (isDrained = true));
      await pass(8_200);
      expect(isDrained).toBe(true);
    });

    it('stops waiting when it is told to', async () => {
      test.give('AJ_1');
      await pass(10);
      const stop = new AbortController();
      let isDrained = false;
      void test.worker.drain(3_600_000, stop.signal).then(() => (isDrained = true));
      await pass(1_000);
      stop.abort();
      await pass(10);
      expect(isDrained).toBe(true);
    });

    it('is done at the deadline at the latest, and closing leaves what goes on to another worker', async () => {
      test.give('AJ_1');
      await pass(10);
      let isDrained = false;
      void test.worker.drain(2_000).then(() => (isDrained = true));
      await pass(2_200);
      expect(isDrained).toBe(true);
      const closed = test.worker.close();
      await pass(10);
      await closed;
      expect(test.rooms.all[0].left).toEqual(['shutdown']);
      expect(await test.store.isLost()).toBe(true);
      expect(test.isClosed).toBe(true);
    });
  });

  it('takes nothing more once it is closed', async () => {
    test.offer('AJ_1');
    void test.worker.close();
    test.assign('AJ_1');
    await pass(10);
    expect(test.rooms.all).toEqual([]);
    expect(test.outcomes).toEqual(['AJ_1 failed: the worker is full']);
  });
});
