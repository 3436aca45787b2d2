import { signal } from '@angular/core';
import type { DraftMetrics, EngineName, TurnMetrics } from '@parley/protocol';
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
  marked(metrics: TurnMetrics, engine: EngineName): void {
    const row = this.row(metrics.turn);
    const drafts = sum(row.drafts, metrics.drafts);
    this.put({
      ...row,
      engine,
      marks: { ...row.marks, ...metrics.marks },
      speculative: row.speculative || metrics.speculative,
      ...(drafts && { drafts }),
    });
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
    return known ?? { id: this.nextId++, turn, engine: 'pipeline', marks: {}, speculative: false };
  }

  private put(row: TurnLatency): void {
    this.list.update((rows) => [row, ...rows.filter((other) => other.id !== row.id)].sort((a, b) => b.id - a.id).slice(0, MAX_TURNS));
  }
}

function sum(before: DraftMetrics | undefined, more: DraftMetrics | undefined): DraftMetrics | undefined {
  if (!before || !more) return more ?? before;
  const finalsInVain = (before.finals_in_vain ?? 0) + (more.finals_in_vain ?? 0);
  return {
    started: before.started + more.started,
    kept: before.kept + more.kept,
    cancelled: before.cancelled + more.cancelled,
    wasted_characters: before.wasted_characters + more.wasted_characters,
    wasted_tokens: before.wasted_tokens + more.wasted_tokens,
    ...(finalsInVain > 0 && { finals_in_vain: finalsInVain }),
  };
}
