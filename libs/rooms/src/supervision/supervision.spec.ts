import type { DispatchClaim, DispatchReason, RoomLease } from '../store';
import { leaseFor } from '../store/testing/room-store.contract';
import { GRACE_MS } from './store-trust';
import type { SupervisedParticipant } from './supervised-rooms';
import { Supervision } from './supervision';
import {
  EMPTY_MS,
  EMPTY_RETRY_MS,
  GONE_MS,
  LOOK_ROUND_MS,
  MOST_LOOKS,
  NEWS_MS,
  REST_MS,
  RETRY_MS,
  type SupervisionAction,
  type SupervisionNews,
  UNATTENDED_MS,
} from './supervision-types';

const POLL_MS = 250;
const person: SupervisedParticipant = { identity: 'alice', isAssistant: false, isPerson: true, joinedAtMs: 0 };
const recorder: SupervisedParticipant = { identity: 'EG_1', isAssistant: false, isPerson: false, joinedAtMs: 0 };
const assistant = (jobId: string): SupervisedParticipant => ({
  identity: `agent-${jobId}`,
  isAssistant: true,
  isPerson: false,
  joinedAtMs: 0,
});
const a = leaseFor('r', 'A');
const b = leaseFor('r', 'B');
const LOOK: SupervisionAction = { type: 'look', room: 'r' };
const silent: DispatchReason = { type: 'silent', lease: a };

/** A supervision with a clock of its own. */
class Subject {
  readonly supervision = new Supervision();
  nowMs = 0;

  /** What follows from the news. */
  on(news: SupervisionNews): readonly SupervisionAction[] {
    return this.supervision.handle({ ...news, atMs: this.nowMs });
  }

  changed = (room = 'r') => this.on({ type: 'room-changed', room });
  finished = (room = 'r') => this.on({ type: 'room-finished', room });
  lost = (...leases: RoomLease[]) => this.on({ type: 'store-answered', lost: leases.map((lease) => ({ room: lease.room, lease })) });
  storeFailed = () => this.on({ type: 'store-failed', cause: 'Error' });
  surveyed = (rooms: readonly string[], leases: readonly RoomLease[] = []) => this.on({ type: 'surveyed', rooms, leases });
  looked = (participants: readonly SupervisedParticipant[], lease?: RoomLease, room = 'r') =>
    this.on({ type: 'looked', room, participants, lease });
  claimed = (reason: DispatchReason, claim: DispatchClaim) => this.on({ type: 'claimed', room: 'r', reason, claim });
  dispatched = () => this.on({ type: 'dispatched', room: 'r' });

  /** Time passes, and the store answers that nothing is lost. */
  pass(ms: number): readonly SupervisionAction[] {
    const actions: SupervisionAction[] = [];
    for (const endMs = this.nowMs + ms; this.nowMs < endMs;) {
      this.nowMs = Math.min(this.nowMs + POLL_MS, endMs);
      actions.push(...this.lost());
    }
    return actions;
  }

  /** The store has answered for long enough to be believed. */
  static trusting(): Subject {
    const subject = new Subject();
    subject.lost();
    subject.pass(GRACE_MS);
    return subject;
  }
}

describe('a lost assistant', () => {
  it('is replaced at once if people are there: removed from the room, and another one dispatched', () => {
    const subject = Subject.trusting();
    expect(subject.lost(a)).toEqual([LOOK]);
    // The media server notices its loss only after twenty seconds.
    expect(subject.looked([person, assistant('A')])).toEqual([{ type: 'claim', room: 'r', reason: silent }]);
    expect(subject.claimed(silent, { isGranted: true, attempt: 1 })).toEqual([{ type: 'dispatch', room: 'r', reason: silent, attempt: 1 }]);
  });

  it('is replaced once, however often the store names it meanwhile', () => {
    const subject = Subject.trusting();
    subject.lost(a);
    expect(subject.lost(a)).toEqual([]);
    subject.looked([person]);
    expect(subject.lost(a)).toEqual([]);
    subject.claimed(silent, { isGranted: true, attempt: 1 });
    expect(subject.lost(a)).toEqual([]);
    subject.dispatched();
    expect(subject.pass(UNATTENDED_MS - 1)).toEqual([]);
  });

  it('is replaced again when the claim has ended and nobody has come', () => {
    const subject = Subject.trusting();
    subject.lost(a);
    subject.looked([person]);
    subject.claimed(silent, { isGranted: true, attempt: 1 });
    subject.dispatched();
    subject.pass(1_000);
    expect(subject.lost(a)).toEqual([LOOK]);
    expect(subject.looked([person])).toEqual([{ type: 'claim', room: 'r', reason: silent }]);
  });

  it('is left to whoever has the claim', () => {
    const subject = Subject.trusting();
    subject.lost(a);
    subject.looked([person]);
    expect(subject.claimed(silent, { isGranted: false, because: 'taken' })).toEqual([]);
    expect(subject.pass(UNATTENDED_MS - 1)).toEqual([]);
    expect(subject.pass(1)).toEqual([LOOK]);
    expect(subject.looked([person, assistant('B')], b)).toEqual([]);
    expect(subject.supervision.watched).toBe(0);
  });

  it.each([
    ['has come back', a],
    ['has been followed by another one', b],
  ])('is forgotten when it %s before anything was done', (_, lease) => {
    const subject = Subject.trusting();
    subject.lost(a);
    expect(subject.looked([person, assistant(lease.jobId)], lease)).toEqual([]);
    expect(subject.supervision.watched).toBe(0);
  });

  it('is not replaced while nobody is there, but as soon as somebody is', () => {
    const subject = Subject.trusting();
    subject.lost(a);
    expect(subject.looked([assistant('A'), recorder])).toEqual([]);
    subject.pass(EMPTY_RETRY_MS - POLL_MS);
    subject.changed();
    expect(subject.looked([person])).toEqual([{ type: 'claim', room: 'r', reason: silent }]);
  });

  it('is forgotten after a minute in which nobody was there', () => {
    const subject = Subject.trusting();
    subject.lost(a);
    let actions = subject.looked([]);
    for (let waitedMs = 0; waitedMs < EMPTY_MS; waitedMs += EMPTY_RETRY_MS) {
      expect(actions).toEqual([]);
      expect(subject.pass(EMPTY_RETRY_MS)).toEqual([LOOK]);
      actions = subject.looked([]);
    }
    expect(actions).toEqual([{ type: 'forget', room: 'r' }]);
    expect(subject.supervision.watched).toBe(0);
  });

  it('is not replaced when the room finishes before the claim is granted', () => {
    const subject = Subject.trusting();
    subject.lost(a);
    subject.looked([person]);
    subject.finished();
    expect(subject.claimed(silent, { isGranted: true, attempt: 1 })).toEqual([]);
  });

  it.each([
    ['look-failed', (subject: Subject) => subject.on({ type: 'look-failed', room: 'r' })],
    [
      'claim-failed',
      (subject: Subject) => {
        subject.looked([person]);
        return subject.on({ type: 'claim-failed', room: 'r' });
      },
    ],
  ])('is looked at again after a failure (%s)', (_, fail) => {
    const subject = Subject.trusting();
    subject.lost(a);
    expect(fail(subject)).toEqual([]);
    expect(subject.pass(RETRY_MS)).toEqual([LOOK]);
    expect(subject.looked([person])).toEqual([{ type: 'claim', room: 'r', reason: silent }]);
  });

  it('is not replaced any more when none stays, which is said once in a while', () => {
    const subject = Subject.trusting();
    subject.lost(a);
    subject.looked([person]);
    expect(subject.claimed(silent, { isGranted: false, because: 'exhausted' })).toEqual([{ type: 'give-up', room: 'r' }]);
    expect(subject.pass(REST_MS - 1)).toEqual([]);
    expect(subject.surveyed(['r'])).toEqual([]);
  });
});

describe('leases that have ended while the store was away', () => {
  it.each([
    ['the supervisor has just started', (subject: Subject) => void subject],
    [
      'the store did not answer',
      (subject: Subject) => {
        subject.lost();
        subject.pass(GRACE_MS);
        subject.storeFailed();
      },
    ],
    [
      'the store answered late, or this process did not run',
      (subject: Subject) => {
        subject.lost();
        subject.pass(GRACE_MS);
        subject.nowMs += 1_000;
      },
    ],
  ])('are not believed at first if %s', (_, prepare) => {
    const subject = new Subject();
    prepare(subject);
    expect(subject.lost(a)).toEqual([]);
    for (let waitedMs = POLL_MS; waitedMs < GRACE_MS; waitedMs += POLL_MS) {
      subject.nowMs += POLL_MS;
      expect(subject.lost(a)).toEqual([]);
    }
    subject.nowMs += POLL_MS;
    expect(subject.lost(a)).toEqual([LOOK]);
  });

  it.each([
    ['the store does not answer', (subject: Subject) => subject.storeFailed()],
    [
      'the store answers late, or this process does not run',
      (subject: Subject) => {
        subject.nowMs += 5_000;
        subject.lost(a);
      },
    ],
  ])('are not believed either if they were known before %s, because the assistant may have come back meanwhile', (_, beAway) => {
    const subject = Subject.trusting();
    expect(subject.lost(a)).toEqual([LOOK]);
    subject.on({ type: 'look-failed', room: 'r' });
    beAway(subject);
    subject.pass(RETRY_MS);
    expect(subject.looked([person, assistant('A')])).toEqual([]);
    subject.pass(GRACE_MS);
    expect(subject.lost(a)).toEqual([LOOK]);
  });

  it('leave a room alone whose assistant is there, though the store does not know it any more', () => {
    const subject = Subject.trusting();
    expect(subject.surveyed(['r'])).toEqual([LOOK]);
    expect(subject.looked([person, assistant('A')])).toEqual([]);
    expect(subject.supervision.watched).toBe(0);
  });
});

describe('a room without an assistant', () => {
  const none: DispatchReason = { type: 'none' };

  it('gets one after people have waited for 3.5 s', () => {
    const subject = Subject.trusting();
    expect(subject.changed()).toEqual([LOOK]);
    expect(subject.looked([person])).toEqual([]);
    expect(subject.pass(UNATTENDED_MS - 1)).toEqual([]);
    expect(subject.pass(1)).toEqual([LOOK]);
    expect(subject.looked([person])).toEqual([{ type: 'claim', room: 'r', reason: none }]);
    expect(subject.claimed(none, { isGranted: true, attempt: 1 })).toEqual([{ type: 'dispatch', room: 'r', reason: none, attempt: 1 }]);
    subject.dispatched();
    expect(subject.pass(UNATTENDED_MS)).toEqual([LOOK]);
    expect(subject.looked([person])).toEqual([{ type: 'claim', room: 'r', reason: none }]);
  });

  it('is found by the list of rooms if the media server has told nothing', () => {
    const subject = Subject.trusting();
    expect(subject.surveyed(['r', 'other'], [leaseFor('other', 'X')])).toContainEqual(LOOK);
  });

  it('gets none if it came in time', () => {
    const subject = Subject.trusting();
    subject.changed();
    subject.looked([person]);
    subject.pass(1_000);
    expect(subject.changed()).toEqual([LOOK]);
    expect(subject.looked([person, assistant('A')], a)).toEqual([]);
    expect(subject.pass(UNATTENDED_MS * 2)).toEqual([]);
    expect(subject.supervision.watched).toBe(0);
  });

  it('gets none as long as nobody is there', () => {
    const subject = Subject.trusting();
    subject.changed();
    expect(subject.looked([recorder])).toEqual([]);
    expect(subject.pass(UNATTENDED_MS * 2)).toEqual([]);
  });

  it('gets another one if its assistant has a lease but does not come', () => {
    const subject = Subject.trusting();
    subject.changed();
    subject.looked([person], a);
    subject.pass(UNATTENDED_MS);
    const absent: DispatchReason = { type: 'absent', lease: a };
    expect(subject.looked([person], a)).toEqual([{ type: 'claim', room: 'r', reason: absent }]);
  });

  it('gets another one after 1.5 s if its assistant was there before, also when the room was not for a while', () => {
    const subject = Subject.trusting();
    subject.changed();
    subject.looked([person, assistant('A')], a);
    subject.surveyed([], [a]);
    subject.pass(4_000);
    subject.changed();
    expect(subject.looked([person], a)).toEqual([]);
    expect(subject.pass(GONE_MS - 1)).toEqual([]);
    expect(subject.pass(1)).toEqual([LOOK]);
    expect(subject.looked([person], a)).toEqual([{ type: 'claim', room: 'r', reason: { type: 'absent', lease: a } }]);
  });

  it('waits for another 3.5 s when an assistant takes the room late', () => {
    const subject = Subject.trusting();
    subject.changed();
    subject.looked([person]);
    subject.pass(UNATTENDED_MS);
    expect(subject.looked([person], a)).toEqual([]);
    expect(subject.pass(UNATTENDED_MS - 1)).toEqual([]);
    expect(subject.pass(1)).toEqual([LOOK]);
  });

  it('is left alone if its assistant has left on purpose, until nobody is there', () => {
    const subject = Subject.trusting();
    subject.changed();
    subject.looked([person]);
    subject.pass(UNATTENDED_MS);
    subject.looked([person]);
    expect(subject.claimed(none, { isGranted: false, because: 'left' })).toEqual([]);
    expect(subject.pass(REST_MS - 1)).toEqual([]);
    expect(subject.changed()).toEqual([LOOK]);
    expect(subject.looked([])).toEqual([{ type: 'forget', room: 'r' }]);
    expect(subject.supervision.watched).toBe(0);
  });

  it('is not watched any more when it is gone from the list of rooms, if nothing new is known of it', () => {
    const subject = Subject.trusting();
    subject.changed();
    subject.looked([person]);
    subject.surveyed([]);
    expect(subject.supervision.watched).toBe(1);
    subject.pass(UNATTENDED_MS);
    subject.looked([person]);
    subject.claimed(none, { isGranted: false, because: 'left' });
    subject.nowMs += NEWS_MS;
    subject.surveyed([]);
    expect(subject.supervision.watched).toBe(0);
  });
});

describe('a second assistant', () => {
  it('is removed, again and again until it is gone', () => {
    const subject = Subject.trusting();
    subject.changed();
    const remove = { type: 'remove', room: 'r', identity: 'agent-A' };
    expect(subject.looked([person, assistant('A'), assistant('B')], b)).toEqual([remove]);
    expect(subject.pass(RETRY_MS)).toEqual([LOOK]);
    expect(subject.looked([person, assistant('A'), assistant('B')], b)).toEqual([remove]);
    subject.pass(RETRY_MS);
    expect(subject.looked([person, assistant('B')], b)).toEqual([]);
    expect(subject.supervision.watched).toBe(0);
  });

  it.each([
    ['nobody has the lease', undefined],
    ['the one that has the lease is not there', leaseFor('r', 'C')],
  ])('is left alone while %s', (_, lease) => {
    const subject = Subject.trusting();
    subject.changed();
    expect(subject.looked([person, assistant('A'), assistant('B')], lease)).toEqual([]);
  });

  it('is found by looking at rooms in order every thirty seconds', () => {
    const subject = Subject.trusting();
    expect(subject.surveyed(['r'], [a])).toEqual([LOOK]);
    subject.looked([person, assistant('A')], a);
    subject.pass(LOOK_ROUND_MS - 1);
    expect(subject.surveyed(['r'], [a])).toEqual([]);
    subject.pass(1);
    expect(subject.surveyed(['r'], [a])).toEqual([LOOK]);
  });
});

describe('looks', () => {
  it('are made again afterwards if something changes during one', () => {
    const subject = Subject.trusting();
    subject.changed();
    expect(subject.changed()).toEqual([]);
    expect(subject.looked([person, assistant('A')], a)).toEqual([LOOK]);
  });

  it('are bounded in number, and rooms with a lost assistant come first', () => {
    const subject = Subject.trusting();
    const rooms = Array.from({ length: MOST_LOOKS + 2 }, (_, i) => `room ${i}`);
    expect(subject.surveyed(rooms)).toHaveLength(MOST_LOOKS);
    expect(subject.lost(a)).toEqual([]);
    expect(subject.on({ type: 'look-failed', room: rooms[0] })).toEqual([LOOK]);
    expect(subject.on({ type: 'look-failed', room: rooms[1] })).toEqual([{ type: 'look', room: `room ${MOST_LOOKS}` }]);
  });

  it('of a room that has finished meanwhile change nothing', () => {
    const subject = Subject.trusting();
    subject.changed();
    subject.finished();
    expect(subject.looked([person])).toEqual([]);
    expect(subject.on({ type: 'look-failed', room: 'r' })).toEqual([]);
    expect(subject.dispatched()).toEqual([]);
    expect(subject.supervision.watched).toBe(0);
  });
});
