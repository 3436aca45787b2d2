import { AggregatorRegistry, type Registry } from 'prom-client';
import type { MetricsSnapshot } from './messages';

/** What is counted since the start. A sum of it may never fall, or it would be taken for a restart of everything. */
const CUMULATIVE: ReadonlySet<unknown> = new Set(['counter', 'histogram']);

const sumOf = (snapshots: readonly MetricsSnapshot[]): Registry => AggregatorRegistry.aggregate([...snapshots]);

/**
 * Sums up the metrics of several processes. What a process had counted stays in the sum when it has ended, as far as it was reported; what it
 * held (connections, memory) does not.
 */
export class SummedMetrics {
  private readonly last = new Map<number, MetricsSnapshot>();
  /** The sum of the cumulative metrics of all processes that have ended. */
  private departed: MetricsSnapshot = [];

  /** The newest metrics of a process. */
  report(processId: number, metrics: MetricsSnapshot): void {
    this.last.set(processId, metrics);
  }

  /** The process has ended. */
  async depart(processId: number): Promise<void> {
    const counted = this.last.get(processId)?.filter(({ type }) => CUMULATIVE.has(type)) ?? [];
    this.last.delete(processId);
    // Taken over before anything is awaited, so that no sum is without it.
    const departed = [...this.departed, ...counted];
    this.departed = departed;
    const summed = await sumOf([departed]).getMetricsAsJSON();
    // Otherwise another process has ended meanwhile, whose metrics are in none of these.
    if (this.departed === departed) this.departed = summed;
  }

  /** Prometheus text. A process that did not answer counts with what it reported last. `own` are metrics of the supervisor itself. */
  text(own: MetricsSnapshot): Promise<string> {
    return sumOf([...this.last.values(), this.departed, own]).metrics();
  }
}
