import type { Clock } from '@parley/engine';

/** How busy the event loop may be before a worker takes no more rooms. The bounds differ, so that a worker near them does not alternate. */
const REFUSE_ABOVE_MS = 80;
const ACCEPT_BELOW_MS = 40;

/** How long a slot waits for the assignment of the job that was accepted. The media server gives up after three seconds itself. */
const RESERVATION_MS = 8_000;

/** The media server never asks a worker whose load is 0.7 or more, even if there is no other. */
const LOAD_WHEN_FULL = 0.69;

export interface WorkerAdmissionOptions {
  /** How many rooms this worker attends at the same time. */
  slots: number;
  clock: Clock;
  /** By how much timers are late at the moment, in ms. */
  eventLoopDelayMs: () => number;
}

/** How many slots there are, and what for they are used. */
export interface AdmissionCounts {
  slots: number;
  /** Jobs that are running. */
  rooms: number;
  /** Jobs that were accepted, and have not been assigned yet. */
  reserved: number;
}

/**
 * Decides whether this worker takes another room. A slot is taken when the worker says that it is available, not when the job arrives:
 * several rooms may be offered before the first one is assigned. It has no timers: reservations expire when something is asked.
 */
export class WorkerAdmission {
  private readonly running = new Set<string>();
  /** When each reservation ends. */
  private readonly reservations = new Map<string, number>();
  private isBusy = false;
  private isDraining = false;

  constructor(private readonly options: WorkerAdmissionOptions) {}

  /** Whether this worker takes the job. It then has a slot, until `end`, or for eight seconds if it is not started. */
  reserve(jobId: string): boolean {
    if (this.running.has(jobId)) return false;
    this.dropExpired();
    if (!this.reservations.has(jobId) && (this.isFull || this.isOverloaded())) return false;
    this.reservations.set(jobId, this.options.clock.now() + RESERVATION_MS);
    return true;
  }

  /** The job was assigned. Without a reservation it needs a slot that is free. False if there is none. */
  start(jobId: string): boolean {
    this.dropExpired();
    if (!this.reservations.delete(jobId) && !this.running.has(jobId) && this.isFull) return false;
    this.running.add(jobId);
    return true;
  }

  /** The job is over, or will not come. Idempotent. */
  end(jobId: string): void {
    this.running.delete(jobId);
    this.reservations.delete(jobId);
  }

  /** What was accepted will not be assigned: the connection on which it was accepted is gone. */
  dropReservations(): void {
    this.reservations.clear();
  }

  /** Takes no new rooms from now on. What was accepted before may still start, since nobody else has been asked for it. */
  drain(): void {
    this.isDraining = true;
  }

  /** Whether the media server should not ask at all. */
  get isFull(): boolean {
    return this.isDraining || this.used >= this.options.slots;
  }

  /** For the media server's choice among workers. From 0 to 0.69. */
  get load(): number {
    return this.isFull ? LOAD_WHEN_FULL : (LOAD_WHEN_FULL * this.used) / this.options.slots;
  }

  get counts(): AdmissionCounts {
    this.dropExpired();
    return { slots: this.options.slots, rooms: this.running.size, reserved: this.reservations.size };
  }

  private get used(): number {
    this.dropExpired();
    return this.running.size + this.reservations.size;
  }

  /** A worker without rooms cannot become less busy by refusing, and a room that nobody takes has to wait for seconds. */
  private isOverloaded(): boolean {
    if (this.used === 0) return false;
    const delayMs = this.options.eventLoopDelayMs();
    this.isBusy = delayMs > (this.isBusy ? ACCEPT_BELOW_MS : REFUSE_ABOVE_MS);
    return this.isBusy;
  }

  private dropExpired(): void {
    const now = this.options.clock.now();
    for (const [jobId, endsAt] of this.reservations) if (endsAt <= now) this.reservations.delete(jobId);
  }
}
