import { Global, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { MetricsModule, ProviderSwitches, SETTINGS } from '@parley/server';
import { documentedMetrics, metricsOf, parsePrometheusText, testSettings } from '@parley/server/testing';
import { Registry } from 'prom-client';
import type { WorkerState } from '../rooms/worker-host';
import { WorkerMetrics } from './worker-metrics';

const STATE = { slots: 16, rooms: 2, reserved: 1, load: 0.2, isRegistered: true, isDraining: false, eventLoopDelayMs: 12 };
const SETTINGS_WITH_TRACES = testSettings({ OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:23491' });

@Global()
@Module({ providers: [{ provide: SETTINGS, useValue: SETTINGS_WITH_TRACES }], exports: [SETTINGS] })
class TestSettingsModule {}

describe('the metrics of the room worker', () => {
  /** The metrics of a worker that attends two rooms. */
  async function worker(): Promise<{ registry: Registry; metrics: WorkerMetrics; switches: ProviderSwitches; close: () => Promise<void> }> {
    const module = await Test.createTestingModule({ imports: [TestSettingsModule, MetricsModule] }).compile();
    const registry = module.get<Registry>(Registry, { strict: false });
    const switches = new ProviderSwitches();
    const state = STATE as unknown as WorkerState;
    return { registry, switches, metrics: new WorkerMetrics(registry, { state: () => state }, switches), close: () => module.close() };
  }

  it('are those that docs/metrics.md lists', async () => {
    const { registry, close } = await worker();
    expect(documentedMetrics('worker')).toEqual(metricsOf(registry));
    await close();
  });

  it('are Prometheus text to the letter, with the state of the worker and the switches between providers', async () => {
    const { metrics, switches, close } = await worker();
    switches.add('llm', { from: 'openai', to: 'simulated' });
    const families = parsePrometheusText(await metrics.text());
    expect(families.get('parley_rooms')?.samples).toMatchObject([{ value: 2 }]);
    expect(families.get('parley_room_worker_event_loop_delay_seconds')?.samples).toMatchObject([{ value: 0.012 }]);
    expect(families.get('parley_provider_switches_total')?.samples).toMatchObject([{ labels: { stage: 'llm', from: 'openai' }, value: 1 }]);
    await close();
  });
});
