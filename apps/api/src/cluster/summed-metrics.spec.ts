import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { SummedMetrics } from './summed-metrics';

const snapshot = (turns: number, open: number, seconds: readonly number[] = []): Promise<{ name: string; type: unknown }[]> => {
  const registry = new Registry();
  const registers = [registry];
  new Counter({ name: 'turns_total', help: 'Turns.', labelNames: ['outcome'], registers }).inc({ outcome: 'answered' }, turns);
  new Gauge({ name: 'open', help: 'Open.', registers }).set(open);
  const histogram = new Histogram({ name: 'latency', help: 'Latency.', buckets: [1, 2], registers });
  for (const value of seconds) histogram.observe(value);
  return registry.getMetricsAsJSON();
};

describe('The metrics of several processes', () => {
  const NOTHING = [] as const;

  it('are summed up by name and label, with the supervisor’s own beside them', async () => {
    const summed = new SummedMetrics();
    summed.report(1, await snapshot(2, 3, [0.5]));
    summed.report(2, await snapshot(5, 4, [0.5, 1.5]));
    const registry = new Registry();
    new Gauge({ name: 'processes', help: 'Processes.', registers: [registry] }).set(2);
    const text = await summed.text(await registry.getMetricsAsJSON());
    const lines = [
      'turns_total{outcome="answered"} 7',
      'open 7',
      'latency_bucket{le="1"} 2',
      'latency_bucket{le="+Inf"} 3',
      'latency_count 3',
    ];
    for (const line of [...lines, 'processes 2']) expect(text.split('\n')).toContain(line);
  });

  it('keep what a process had counted when it has ended, and drop what it held', async () => {
    const summed = new SummedMetrics();
    for (const process of [1, 2, 3]) summed.report(process, await snapshot(process, 10, [0.5]));
    await Promise.all([summed.depart(1), summed.depart(2)]);
    const text = await summed.text(NOTHING);
    for (const line of ['turns_total{outcome="answered"} 6', 'open 10', 'latency_count 3']) expect(text.split('\n')).toContain(line);
    summed.report(4, await snapshot(1, 1));
    expect(await summed.text(NOTHING)).toContain('turns_total{outcome="answered"} 7\n');
  });

  it('count every process once while one of them is being taken out', async () => {
    const summed = new SummedMetrics();
    summed.report(1, await snapshot(1, 1));
    summed.report(2, await snapshot(2, 1));
    const departing = summed.depart(1);
    expect(await summed.text(NOTHING)).toContain('turns_total{outcome="answered"} 3\n');
    await departing;
    expect(await summed.text(NOTHING)).toContain('turns_total{outcome="answered"} 3\n');
  });

  it('have nothing of a process that has ended before it reported anything', async () => {
    const summed = new SummedMetrics();
    await summed.depart(7);
    expect((await summed.text(NOTHING)).trim()).toBe('');
  });
});
