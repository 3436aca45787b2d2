import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '@parley/testing';
import { poll } from '@parley/testing/client';
import { Registry } from 'prom-client';
import { RecordingLogger } from '../../testing/recording-logger';
import { testSettings } from '../../testing/test-settings';
import type { ObservedConversation } from '../observed-conversation';
import { Traces } from './traces';

const CONVERSATION: ObservedConversation = {
  conversationId: '0f8fad5b-d9cb-469f-a165-70867728950e',
  engine: 'pipeline',
  providers: { llm: { name: 'openai', model: 'gpt-4o', simulated: false } },
};

interface OtlpValue {
  stringValue?: string;
  intValue?: number;
}
interface OtlpAttribute {
  key: string;
  value: OtlpValue;
}
interface OtlpRequest {
  resourceSpans: {
    resource: { attributes: OtlpAttribute[] };
    scopeSpans: {
      scope: { name: string };
      spans: { traceId: string; name: string; parentSpanId?: string; attributes: OtlpAttribute[] }[];
    }[];
  }[];
}

/** A collector that takes OTLP as JSON over HTTP, as OpenTelemetry specifies it, and answers as it is told. */
class Collector {
  readonly requests: { path: string | undefined; headers: Record<string, unknown>; body: OtlpRequest }[] = [];
  answer: 'takes' | 'refuses' | 'hangs' = 'takes';
  private readonly server: Server;

  constructor() {
    this.server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = JSON.parse(Buffer.concat(chunks).toString()) as OtlpRequest;
      this.requests.push({ path: request.url, headers: request.headers, body });
      if (this.answer === 'hangs') return;
      const status = this.answer === 'takes' ? 200 : 400;
      response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
    });
  }

  async listen(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get spans() {
    return this.requests.flatMap(({ body }) => body.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)));
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

describe('traces that are sent to a collector', () => {
  let logger: RecordingLogger;
  let collector: Collector;
  let registry: Registry;
  let url: string;
  beforeEach(async () => {
    logger = RecordingLogger.install();
    collector = new Collector();
    registry = new Registry();
    url = await collector.listen();
  });
  afterEach(async () => {
    logger.restore();
    await collector.close();
  });

  const open = (environment: Record<string, string> = {}): Promise<Traces> =>
    Traces.open(testSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: url, ...environment }).telemetry, registry);

  /** A conversation with one typed turn that is answered. */
  function converse(traces: Traces): void {
    const trace = traces.begin(CONVERSATION);
    if (trace === undefined) throw new Error('there is no trace');
    trace.note({ type: 'state_changed', phase: 'AI_PROCESSING', turn: 1 });
    trace.note({ type: 'transcript', turn: 1, text: 'a secret word', isFinal: true });
    const marks = { stt_final: 0, turn_end: 0, llm_request: 0, llm_first_token: 300 };
    trace.note({ type: 'turn_measured', turn: 1, marks, speculative: false });
    trace.note({ type: 'state_changed', phase: 'USER_SPEAKING', turn: 2 });
    trace.note({ type: 'ended', reason: 'client' });
  }

  it('arrive as OTLP JSON with the headers, the name of the service and its attributes', async () => {
    const traces = await open({
      OTEL_EXPORTER_OTLP_HEADERS: 'Authorization=Basic%20dXNlcjprZXk=',
      OTEL_SERVICE_NAME: 'parley-test',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=staging',
    });
    converse(traces);
    await eventually(() => collector.spans.length >= 3, 'the spans');
    const [{ path, headers, body }] = collector.requests;
    expect(path).toBe('/v1/traces');
    expect(headers).toMatchObject({ 'content-type': 'application/json', authorization: 'Basic dXNlcjprZXk=' });
    expect(body.resourceSpans[0]?.resource.attributes).toEqual(
      expect.arrayContaining([
        { key: 'service.name', value: { stringValue: 'parley-test' } },
        { key: 'deployment.environment.name', value: { stringValue: 'staging' } },
      ]),
    );
    expect(collector.spans.map(({ name }) => name)).toEqual(['chat gpt-4o', 'turn', 'conversation']);
    expect(new Set(collector.spans.map(({ traceId }) => traceId))).toEqual(new Set(['0f8fad5bd9cb469fa16570867728950e']));
    expect(collector.spans[0]?.attributes).toContainEqual({ key: 'gen_ai.request.model', value: { stringValue: 'gpt-4o' } });
    expect(JSON.stringify(collector.requests)).not.toContain('a secret word');
    await traces.onApplicationShutdown();
    expect(await registry.metrics()).toContain('parley_trace_spans_total{result="exported"} 3');
  });

  it('hold what was said only with LOG_TRANSCRIPTS', async () => {
    const traces = await open({ LOG_TRANSCRIPTS: 'true' });
    converse(traces);
    await traces.onApplicationShutdown();
    expect(JSON.stringify(collector.spans)).toContain('a secret word');
  });

  it('are sent before the server ends, without waiting for the next batch', async () => {
    const traces = await open();
    converse(traces);
    await traces.onApplicationShutdown();
    expect(collector.spans).toHaveLength(3);
  });

  it('are lost with one warning when the collector refuses them, and are sent again when it takes them', async () => {
    const traces = await open();
    collector.answer = 'refuses';
    for (let time = 1; time <= 2; time += 1) {
      converse(traces);
      await eventually(() => collector.requests.length >= time, 'a request');
    }
    await poll(
      'both failures',
      () => registry.metrics(),
      (text) => text.includes('{result="failed"} 6'),
      20_000,
    );
    collector.answer = 'takes';
    converse(traces);
    await traces.onApplicationShutdown();
    expect(logger.faults).toMatchObject([{ level: 'warn', line: { message: 'traces cannot be sent to the collector' } }]);
    expect(await registry.metrics()).toContain('parley_trace_spans_total{result="exported"} 3');
    expect(logger.lines.at(-1)).toMatchObject({ level: 'log', line: { message: 'traces are sent to the collector again' } });
  });

  it('do not slow a conversation down, nor grow without bound, while the collector does not answer', async () => {
    const traces = await open({ OTEL_EXPORTER_OTLP_TIMEOUT: '1000' });
    collector.answer = 'hangs';
    const startedAtMs = performance.now();
    for (let count = 0; count < 3_000; count += 1) converse(traces);
    const eachMs = (performance.now() - startedAtMs) / 3_000;
    // 9 000 spans without a wait for anything. A wait for the collector would take seconds.
    expect(eachMs).toBeLessThan(50);
    await eventually(() => collector.requests.length > 0, 'a request that is not answered');
    const closingAtMs = performance.now();
    await traces.onApplicationShutdown();
    expect(performance.now() - closingAtMs).toBeLessThan(10_000);
    expect(collector.spans.length).toBeLessThan(9_000);
  });

  it('are not made, and nothing is loaded for them, where no collector is configured', async () => {
    const traces = await Traces.open(testSettings().telemetry, registry);
    expect(traces.begin(CONVERSATION)).toBeUndefined();
    await traces.onApplicationShutdown();
    expect(await registry.metrics()).not.toContain('parley_trace_spans_total');
  });
});
