import { Inject, Injectable } from '@nestjs/common';
import { ProviderSwitches, reportSwitches } from '@parley/server';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { WorkerHost, type WorkerState } from '../rooms/worker-host';

const MS_PER_SECOND = 1_000;

/** The state of the worker as metrics. Autoscaling goes by the load. */
@Injectable()
export class WorkerMetrics {
  constructor(
    @Inject(Registry) private readonly registry: Registry,
    @Inject(WorkerHost) private readonly host: Pick<WorkerHost, 'state'>,
    @Inject(ProviderSwitches) switches: ProviderSwitches,
  ) {
    this.gauge('parley_room_slots', 'Rooms that this worker can attend at the same time.', ({ slots }) => slots);
    this.gauge('parley_rooms', 'Rooms that this worker attends.', ({ rooms }) => rooms);
    this.gauge('parley_room_reservations', 'Rooms that this worker has accepted, and that have not come yet.', ({ reserved }) => reserved);
    this.gauge('parley_room_worker_load', 'Load that is reported to the media server; 0.69 is full.', ({ load }) => load);
    this.gauge('parley_room_worker_registered', 'Whether the media server knows this worker.', ({ isRegistered }) => Number(isRegistered));
    this.gauge('parley_room_worker_draining', 'Whether this worker takes no more rooms.', ({ isDraining }) => Number(isDraining));
    this.gauge(
      'parley_room_worker_event_loop_delay_seconds',
      'By how much timers were late in the last second, 90th percentile.',
      ({ eventLoopDelayMs }) => eventLoopDelayMs / MS_PER_SECOND,
    );
    reportSwitches(registry, switches);
    collectDefaultMetrics({ register: registry });
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }

  private gauge(name: string, help: string, read: (state: WorkerState) => number): void {
    const { registry, host } = this;
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read(host.state()));
      },
    });
  }
}
