import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import type { TraceSettings } from '../../config/telemetry-settings';
import { CountingExporter } from './counting-exporter';
import { SdkSpans } from './sdk-spans';

/** Requests to the collector at the same time. */
const MAX_REQUESTS = 4;

/** Spans that are sent to a collector as OTLP over HTTP. `onResult` is told of every batch. */
export function otlpSpans(settings: TraceSettings, onResult: (result: 'exported' | 'failed', spans: number) => void): SdkSpans {
  const { url, headers, timeoutMs: timeoutMillis } = settings;
  const exporter = new OTLPTraceExporter({ url, headers: { ...headers }, timeoutMillis, concurrencyLimit: MAX_REQUESTS });
  return new SdkSpans(settings, new CountingExporter(exporter, onResult));
}
