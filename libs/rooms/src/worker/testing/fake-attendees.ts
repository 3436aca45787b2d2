import type { ConversationMemory } from '@parley/engine';
import type { Attendee, JoinRequest, RoomEnd, RoomJob } from '../attendee';

/** An assistant in a room that exists only in a test. */
export class FakeAttendee implements Attendee {
  readonly left: RoomEnd[] = [];
  /** What was done to it, in order. */
  readonly log: string[] = [];
  isSilent = false;
  /** Whether leaving is ever done with. */
  leaves = true;

  constructor(readonly request: JoinRequest) {}

  get job(): RoomJob {
    return this.request.job;
  }

  get memory(): ConversationMemory | undefined {
    return this.request.memory;
  }

  get isThere(): boolean {
    return !this.log.some((entry) => entry.startsWith('end'));
  }

  silence(on: boolean): void {
    this.isSilent = on;
    this.log.push(on ? 'silent' : 'audible');
  }

  leave(reason: RoomEnd): Promise<void> {
    this.left.push(reason);
    this.log.push(`leave ${reason}`);
    if (!this.leaves) return new Promise(() => undefined);
    this.end(reason);
    return Promise.resolve();
  }

  /** It is over, without the worker having asked for it. */
  end(reason: RoomEnd): void {
    if (!this.isThere) return;
    this.log.push(`end ${reason}`);
    this.request.onEnded(reason);
  }

  turn(turn: number): void {
    this.request.onMemory({ messages: [], earlier: [], turn });
  }
}

/** Joins rooms at once, or when the test says so. */
export class FakeAttendees {
  readonly all: FakeAttendee[] = [];
  /** Joins that wait for the test. */
  readonly waiting: { join: () => void; fail: () => void }[] = [];
  isManual = false;

  readonly join = (request: JoinRequest): Promise<FakeAttendee> =>
    new Promise((resolve, reject) => {
      const join = (): void => {
        const attendee = new FakeAttendee(request);
        this.all.push(attendee);
        resolve(attendee);
      };
      if (this.isManual) this.waiting.push({ join, fail: () => reject(new Error('no room')) });
      else join();
    });

  get present(): FakeAttendee[] {
    return this.all.filter(({ isThere }) => isThere);
  }
}
