import { FakeProviders } from '@parley/engine/testing';
import { documentedMetrics, metricsOf, parsePrometheusText, RecordingLogger, testSettings } from '@parley/server/testing';
import { Registry } from 'prom-client';
import { TestServer } from '../testing/test-server';

describe('the metrics of the server', () => {
  let logger: RecordingLogger;
  let server: TestServer;
  beforeAll(async () => {
    logger = RecordingLogger.install();
    const settings = testSettings({ OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:23490' });
    server = await TestServer.start(new FakeProviders().asProviders(), logger, settings);
  });
  afterAll(async () => {
    await server.close();
    logger.restore();
  });

  const text = async (): Promise<string> => (await fetch(`${server.origin}/metrics`)).text();

  it('are those that docs/metrics.md lists', () => {
    expect(documentedMetrics('server')).toEqual(metricsOf(server.app.get(Registry, { strict: false })));
  });

  it('are Prometheus text to the letter, before and after a conversation', async () => {
    expect(parsePrometheusText(await text()).size).toBeGreaterThan(50);
    const client = await server.connect();
    client.say({ type: 'start_conversation' });
    await client.hears('state');
    client.say({ type: 'text_message', text: 'What time is it?' });
    await client.hears('turn_metrics');
    client.say({ type: 'end_conversation' });
    await client.closed();
    const families = parsePrometheusText(await text());
    const value = (name: string, labels: Record<string, string>): number | undefined =>
      families.get(name)?.samples.find((sample) => Object.entries(labels).every(([label, of]) => sample.labels[label] === of))?.value;
    expect(value('parley_conversations_started_total', { engine: 'pipeline' })).toBe(1);
    expect(value('parley_conversations_ended_total', { engine: 'pipeline', reason: 'client' })).toBe(1);
    expect(value('parley_model_requests_total', { result: 'completed' })).toBe(1);
    expect(value('parley_model_tokens_total', { direction: 'output' }) ?? 0).toBeGreaterThanOrEqual(0);
    expect(value('parley_spoken_characters_total', {})).toBeGreaterThan(0);
    expect(value('parley_client_bytes_total', { direction: 'in' })).toBeGreaterThan(100);
    expect(value('parley_client_bytes_total', { direction: 'out' })).toBeGreaterThan(1_000);
  });

  it('have labels of which there are few values', async () => {
    for (const { name, samples } of parsePrometheusText(await text()).values()) {
      expect([name, samples.length < 400]).toEqual([name, true]);
      expect(JSON.stringify(samples)).not.toMatch(/[\da-f]{8}-[\da-f]{4}-/);
    }
  });
});
