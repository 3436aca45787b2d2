import type { CheckedEnvironment } from './environment-for';

/** Where traces are sent, and what they carry. */
export interface TraceSettings {
  /** The whole address that OTLP traces are posted to. */
  url: string;
  headers: Readonly<Record<string, string>>;
  /** How long the collector may take for a request. */
  timeoutMs: number;
  serviceName: string;
  /** What every trace carries besides the name of the service. */
  attributes: Readonly<Record<string, string>>;
  /** Share of the conversations that are traced, from 0 to 1. */
  sampledShare: number;
}

/** The settings of logs and traces. */
export interface TelemetrySettings {
  logFormat: 'text' | 'json';
  /** Whether the log and the traces may hold what is said. */
  transcripts: boolean;
  /** Undefined where there are no traces. */
  traces: TraceSettings | undefined;
}

const DEFAULT_ENDPOINT = 'http://localhost:4318';

export const telemetrySettingsFrom = (environment: CheckedEnvironment): TelemetrySettings => ({
  logFormat: environment.LOG_FORMAT,
  transcripts: environment.LOG_TRANSCRIPTS,
  traces: traceSettings(environment),
});

function traceSettings(environment: CheckedEnvironment): TraceSettings | undefined {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: tracesEndpoint } = environment;
  const chosen = environment.OTEL_TRACES_EXPORTER ?? (endpoint === undefined && tracesEndpoint === undefined ? 'none' : 'otlp');
  if (chosen === 'none' || environment.OTEL_SDK_DISABLED) return undefined;
  return {
    url: tracesEndpoint ?? `${(endpoint ?? DEFAULT_ENDPOINT).replace(/\/+$/, '')}/v1/traces`,
    headers: headersOf(environment),
    timeoutMs: environment.OTEL_EXPORTER_OTLP_TIMEOUT,
    serviceName: environment.OTEL_SERVICE_NAME,
    attributes: pairs(environment.OTEL_RESOURCE_ATTRIBUTES),
    sampledShare: sampledShare(environment),
  };
}

type Headers = Pick<CheckedEnvironment, 'OTEL_EXPORTER_OTLP_HEADERS' | 'OTEL_EXPORTER_OTLP_TRACES_HEADERS'>;

const headersOf = (environment: Headers): Record<string, string> => ({
  ...pairs(environment.OTEL_EXPORTER_OTLP_HEADERS),
  ...pairs(environment.OTEL_EXPORTER_OTLP_TRACES_HEADERS),
});

/** The values of the headers, and what stands in them after a scheme such as `Basic`: no log may show them. */
export const secretsOfHeaders = (environment: Headers): string[] =>
  Object.values(headersOf(environment)).flatMap((value) => [value, ...value.split(' ').slice(1)]);

function sampledShare({ OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: share }: CheckedEnvironment): number {
  if (sampler.endsWith('traceidratio')) return share;
  return sampler.endsWith('always_off') ? 0 : 1;
}

/** The pairs of a list `name=value,name=value`. Values are percent-decoded where they can be. */
function pairs(text: string | undefined): Record<string, string> {
  const entries = (text ?? '').split(',').flatMap((item) => {
    const [name = '', ...value] = item.split('=');
    return name.trim() === '' ? [] : [[name.trim(), decoded(value.join('=').trim())] as const];
  });
  return Object.fromEntries(entries);
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
