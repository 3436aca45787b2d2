import fc from 'fast-check';
import { WorkerAdmission } from './worker-admission';

function admissionOf(slots: number) {
  const state = { nowMs: 0, delayMs: 0 };
  const admission = new WorkerAdmission({ slots, clock: { now: () => state.nowMs }, eventLoopDelayMs: () => state.delayMs });
  return { admission, state };
}

describe('WorkerAdmission', () => {
  it('takes as many rooms as it has slots, counted from the moment at which it says that it is available', () => {
    const { admission } = admissionOf(2);
    expect([admission.reserve('a'), admission.reserve('b'), admission.reserve('c')]).toEqual([true, true, false]);
    expect(admission.counts).toEqual({ slots: 2, rooms: 0, reserved: 2 });
  });

  it('gives a slot to another room when its job has ended', () => {
    const { admission } = admissionOf(1);
    admission.reserve('a');
    admission.start('a');
    expect(admission.reserve('b')).toBe(false);
    admission.end('a');
    admission.end('a');
    expect(admission.reserve('b')).toBe(true);
  });

  it('gives a slot to another room when the job has not been assigned for eight seconds', () => {
    const { admission, state } = admissionOf(1);
    admission.reserve('a');
    state.nowMs = 7_999;
    expect(admission.reserve('b')).toBe(false);
    state.nowMs = 8_000;
    expect(admission.isFull).toBe(false);
    expect(admission.reserve('b')).toBe(true);
    expect(admission.start('a')).toBe(false);
  });

  it('starts a job whose reservation has expired if a slot is free', () => {
    const { admission, state } = admissionOf(1);
    admission.reserve('a');
    state.nowMs = 9_000;
    expect(admission.start('a')).toBe(true);
    expect(admission.counts).toEqual({ slots: 1, rooms: 1, reserved: 0 });
  });

  it('keeps one slot for a job that is offered or assigned twice', () => {
    const { admission } = admissionOf(2);
    expect([admission.reserve('a'), admission.reserve('a'), admission.start('a'), admission.start('a')]).toEqual([true, true, true, true]);
    expect(admission.reserve('a')).toBe(false);
    expect(admission.counts).toEqual({ slots: 2, rooms: 1, reserved: 0 });
  });

  it.each([
    [0, 0, false],
    [1, 0.1725, false],
    [2, 0.345, false],
    [3, 0.5175, false],
    [4, 0.69, true],
  ])('reports for %i of 4 slots a load of %f, which is below what the server still asks', (used, load, isFull) => {
    const { admission } = admissionOf(4);
    for (let job = 0; job < used; job++) admission.reserve(String(job));
    expect(admission.load).toBeCloseTo(load, 6);
    expect(admission.isFull).toBe(isFull);
  });

  it('refuses while the event loop is late, and accepts again only when it is well below that', () => {
    const { admission, state } = admissionOf(10);
    const answers = [79, 81, 60, 41, 39, 60, 79].map((delayMs, job) => {
      state.delayMs = delayMs;
      return admission.reserve(String(job));
    });
    expect(answers).toEqual([true, false, false, false, true, true, true]);
  });

  it('does not refuse because of a late event loop while it has no room', () => {
    const { admission, state } = admissionOf(10);
    state.delayMs = 500;
    expect([admission.reserve('a'), admission.reserve('b')]).toEqual([true, false]);
    admission.end('a');
    expect(admission.reserve('b')).toBe(true);
  });

  it('takes no new room while it drains, but starts what it has accepted before', () => {
    const { admission } = admissionOf(3);
    admission.reserve('a');
    admission.drain();
    expect(admission.isFull).toBe(true);
    expect([admission.reserve('b'), admission.start('c'), admission.start('a')]).toEqual([false, false, true]);
    expect(admission.counts).toEqual({ slots: 3, rooms: 1, reserved: 0 });
  });

  it('drops all reservations with the connection on which they were made, but no room', () => {
    const { admission } = admissionOf(3);
    admission.reserve('a');
    admission.start('a');
    admission.reserve('b');
    admission.dropReservations();
    expect(admission.counts).toEqual({ slots: 3, rooms: 1, reserved: 0 });
  });

  it('never uses more slots than it has and never loses one, whatever happens in whatever order', () => {
    const job = fc.integer({ min: 0, max: 9 }).map(String);
    const step = fc.oneof(
      fc.record({ does: fc.constantFrom('reserve' as const, 'start' as const, 'end' as const), job }),
      fc.record({ does: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 9_000 }) }),
      fc.record({ does: fc.constant('disconnect' as const) }),
      fc.record({ does: fc.constant('delay' as const), ms: fc.integer({ min: 0, max: 160 }) }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.array(step, { maxLength: 80 }), (slots, steps) => {
        const { admission, state } = admissionOf(slots);
        for (const each of steps) {
          if (each.does === 'wait') state.nowMs += each.ms;
          else if (each.does === 'delay') state.delayMs = each.ms;
          else if (each.does === 'disconnect') admission.dropReservations();
          else admission[each.does](each.job);
          const { rooms, reserved } = admission.counts;
          expect(rooms + reserved).toBeLessThanOrEqual(slots);
          expect(admission.load).toBeLessThan(0.7);
          expect(admission.isFull).toBe(rooms + reserved === slots);
        }
        for (let each = 0; each < 10; each++) admission.end(String(each));
        expect(admission.counts).toEqual({ slots, rooms: 0, reserved: 0 });
      }),
    );
  });
});
