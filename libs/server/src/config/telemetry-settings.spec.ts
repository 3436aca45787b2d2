import { EnvironmentError, parseEnvironment } from './parse-environment';
import { type Settings, settingsFrom } from './settings';

const settings = (raw: Record<string, string> = {}): Settings => settingsFrom(parseEnvironment(raw));

describe('the settings of logs and traces', () => {
  it('are text without spoken words, and no traces, by default', () => {
    expect(settings().telemetry).toEqual({ logFormat: 'text', transcripts: false, traces: undefined });
  });

  it('send traces to the path of a collector as soon as it has an address', () => {
    expect(settings({ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otel.example/api/public/otel/' }).telemetry.traces).toEqual({
      url: 'https://otel.example/api/public/otel/v1/traces',
      headers: {},
      timeoutMs: 10_000,
      serviceName: 'parley',
      attributes: {},
      sampledShare: 1,
    });
  });

  it('send traces to the usual port of this machine where only the exporter is named', () => {
    expect(settings({ OTEL_TRACES_EXPORTER: 'otlp' }).telemetry.traces?.url).toBe('http://localhost:4318/v1/traces');
  });

  it('pass each standard variable on', () => {
    const { traces } = settings({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:9999/in',
      OTEL_EXPORTER_OTLP_HEADERS: 'Authorization=Basic%20dXNlcjprZXk=, x-team = voice',
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x-team=traces',
      OTEL_EXPORTER_OTLP_TIMEOUT: '500',
      OTEL_SERVICE_NAME: 'parley-rooms',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=production,region=eu%2C1',
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0.25',
    }).telemetry;
    expect(traces).toEqual({
      url: 'http://127.0.0.1:9999/in',
      headers: { Authorization: 'Basic dXNlcjprZXk=', 'x-team': 'traces' },
      timeoutMs: 500,
      serviceName: 'parley-rooms',
      attributes: { 'deployment.environment.name': 'production', region: 'eu,1' },
      sampledShare: 0.25,
    });
  });

  it.each([[{ OTEL_TRACES_EXPORTER: 'none' }], [{ OTEL_SDK_DISABLED: 'true' }]])(
    'send no traces with %j although there is a collector',
    (off) => {
      expect(settings({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318', ...off }).telemetry.traces).toBeUndefined();
    },
  );

  it('trace no conversation where the sampler is always_off', () => {
    const { traces } = settings({ OTEL_TRACES_EXPORTER: 'otlp', OTEL_TRACES_SAMPLER: 'always_off' }).telemetry;
    expect(traces?.sampledShare).toBe(0);
  });

  it('keep the headers of the collector out of logs', () => {
    const { secrets } = settings({ OTEL_EXPORTER_OTLP_HEADERS: 'Authorization=Basic%20dXNlcjprZXk=' });
    expect(secrets).toEqual(expect.arrayContaining(['Basic dXNlcjprZXk=', 'dXNlcjprZXk=']));
  });

  it.each([
    ['LOG_FORMAT', 'xml'],
    ['LOG_TRANSCRIPTS', 'perhaps'],
    ['OTEL_TRACES_EXPORTER', 'zipkin'],
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'https://user:key@otel.example'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'a-secret-without-a-name'],
    ['OTEL_EXPORTER_OTLP_TIMEOUT', 'soon'],
    ['OTEL_TRACES_SAMPLER', 'sometimes'],
    ['OTEL_TRACES_SAMPLER_ARG', '2'],
  ])('name %s when its value is not usable, and do not repeat it', (variable, value) => {
    const parse = (): unknown => parseEnvironment({ [variable]: value });
    expect(parse).toThrow(EnvironmentError);
    expect(parse).toThrow(variable);
    expect(parse).not.toThrow(value);
  });
});
