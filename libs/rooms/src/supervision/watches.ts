import type { RoomLease } from '../store';
import { MOST_LOOKS } from './supervision-types';

/** A room that has to be looked at. */
export interface Watch {
  /** When to look at it. Infinity: not again. */
  lookAtMs: number;
  /** A look, a claim or a dispatch is under way. */
  isBusy: boolean;
  /** When the media server has last told something of it. */
  newsAtMs: number;
  /** The lease of its lost assistant. */
  lost?: RoomLease;
  /** Since when its people have been without an assistant, while this job had the lease, or none. */
  without?: { readonly jobId: string | undefined; readonly sinceMs: number };
  /** Since when nobody has been there to miss its lost assistant. */
  emptySinceMs?: number;
  /** Its assistant left on purpose, and is not replaced as long as people are there. */
  hasLeft?: boolean;
}

/** The rooms that have to be looked at, and when. */
export class Watches {
  readonly #watches = new Map<string, Watch>();
  #looks = 0;

  get size(): number {
    return this.#watches.size;
  }

  get(room: string): Watch | undefined {
    return this.#watches.get(room);
  }

  entries(): [string, Watch][] {
    return [...this.#watches];
  }

  /** The room is looked at as soon as possible; if something is under way in it, after that. */
  add(room: string, atMs: number): Watch {
    const watch = this.#watches.get(room) ?? { lookAtMs: atMs, isBusy: false, newsAtMs: -Infinity };
    watch.lookAtMs = Math.min(watch.lookAtMs, atMs);
    this.#watches.set(room, watch);
    return watch;
  }

  /** What was under way in the room has ended. It is looked at again then, or earlier if something has changed meanwhile. */
  again(watch: Watch, lookAtMs: number): void {
    watch.isBusy = false;
    watch.lookAtMs = Math.min(watch.lookAtMs, lookAtMs);
  }

  /** What was under way in the room has ended, and it is in order. Unless something has changed meanwhile, it is not watched any more. */
  settle(room: string, watch: Watch): void {
    watch.isBusy = false;
    delete watch.without;
    if (watch.lookAtMs === Infinity) this.#watches.delete(room);
  }

  /** Whether assistants are lost has to be learned anew. */
  forgetLosses(): void {
    for (const watch of this.#watches.values()) delete watch.lost;
  }

  delete(room: string): void {
    this.#watches.delete(room);
  }

  /** The rooms whose time has come, lost ones first, and then those that have waited longest. They are busy from now on. */
  startLooks(atMs: number): string[] {
    const due = this.entries().filter(([, watch]) => !watch.isBusy && watch.lookAtMs <= atMs);
    due.sort(([, a], [, b]) => Number(b.lost !== undefined) - Number(a.lost !== undefined) || a.lookAtMs - b.lookAtMs);
    const started = due.slice(0, Math.max(0, MOST_LOOKS - this.#looks));
    for (const [, watch] of started) Object.assign(watch, { isBusy: true, lookAtMs: Infinity });
    this.#looks += started.length;
    return started.map(([room]) => room);
  }

  endLook(): void {
    this.#looks--;
  }
}
