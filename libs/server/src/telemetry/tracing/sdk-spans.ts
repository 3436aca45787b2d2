import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  type SpanProcessor,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { TraceSettings } from '../../config/telemetry-settings';
import { ConversationIds } from './conversation-ids';
import type { NewSpan, Span, Spans } from './spans';

/** So many spans wait for a collector that is slow or away; more are dropped. About 4 kB each at the most. */
const MAX_WAITING = 2_048;
const BATCH = 256;
const BATCH_DELAY_MS = 2_000;

/** Spans made by OpenTelemetry's library, which this file loads. */
export class SdkSpans implements Spans {
  private readonly ids = new ConversationIds();
  private readonly provider: TracerProvider;

  constructor(
    { serviceName, attributes, sampledShare, timeoutMs }: Omit<TraceSettings, 'url' | 'headers'>,
    exporter: SpanExporter,
    processor: SpanProcessor = new BatchSpanProcessor({
      exporter,
      maxQueueSize: MAX_WAITING,
      maxExportBatchSize: BATCH,
      scheduledDelayMillis: BATCH_DELAY_MS,
      exportTimeoutMillis: timeoutMs,
    }),
  ) {
    this.provider = new TracerProvider({
      idGenerator: this.ids,
      resource: resourceFromAttributes({ ...attributes, 'service.name': serviceName }),
      sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(sampledShare) }),
      spanProcessors: [processor],
    });
  }

  start({ name, atMs, attributes = {}, parent, traceId, isRequest = false }: NewSpan): Span {
    const context = parent ? trace.setSpan(ROOT_CONTEXT, parent) : ROOT_CONTEXT;
    const kind = isRequest ? SpanKind.CLIENT : SpanKind.INTERNAL;
    const tracer = this.provider.getTracer('parley');
    return this.ids.within(traceId, () => tracer.startSpan(name, { startTime: atMs, kind, attributes }, context));
  }

  fail(span: Span, reason: string): void {
    span.setAttribute('error.type', reason).setStatus({ code: SpanStatusCode.ERROR, message: reason });
  }

  /** Sends what waits. Rejects if that fails. */
  close(): Promise<void> {
    return this.provider.shutdown();
  }
}
