import { signal } from '@angular/core';
import type { TurnMetrics } from '@parley/protocol';
import type { TurnLatency } from '../ui/latency-panel';

/** How many turns the page keeps. */
const MAX_TURNS = 8;

/** The times of the last turns, newest first, joined from the server's marks and the page's own measurement. */
export class TurnLatencies {
  private readonly list = signal<readonly TurnLatency[]>([]);
  readonly turns = this.list.asReadonly();
  /** Rows before this id belong to an earlier conversation, whose turn numbers mean nothing now. */
  private firstId = 1;
  private nextId = 1;

  /** The server's marks; a later message about a turn adds to the earlier one. */
  marked(metrics: TurnMetrics): void {
    const row = this.row(metrics.turn);
    this.put({ ...row, marks: { ...row.marks, ...metrics.marks }, speculative: row.speculative || metrics.speculative });
  }

  /** What the page measured itself. */
  measured(turn: number, firstSound: NonNullable<TurnLatency['firstSound']>): void {
    this.put({ ...this.row(turn), firstSound });
  }

  /** Another conversation begins; its turns get rows of their own. */
  divide(): void {
    this.firstId = this.nextId;
  }

  /** Forgets all. */
  clear(): void {
    this.list.set([]);
  }

  private row(turn: number): TurnLatency {
    const known = this.list().find((row) => row.turn === turn && row.id >= this.firstId);
    return known ?? { id: this.nextId++, turn, marks: {}, speculative: false };
  }

  private put(row: TurnLatency): void {
    this.list.update((rows) => [row, ...rows.filter((other) => other.id !== row.id)].sort((a, b) => b.id - a.id).slice(0, MAX_TURNS));
  }
}
