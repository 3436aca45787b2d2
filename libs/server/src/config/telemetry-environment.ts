import { IsBoolean, IsIn, IsInt, IsNotEmpty, IsOptional, IsString, Matches, Max, Min } from 'class-validator';
import { IsEndpoint, Unwrapped } from './access';
import { Doc } from './doc';
import { RoomEnvironment } from './room-environment';
import { ToBoolean, ToNumber } from './value-types';

/** `name=value,name=value`, as OpenTelemetry writes lists in variables. Values may be percent-encoded. */
const PAIRS = /^(?:\s*(?:[^\s=,;]+\s*=[^,]*)?(?:,|$))*$/;
const PAIRS_MESSAGE = { message: '$property must be a comma list of name=value' };
const HTTP = ['http', 'https'];

/** What the server tells of itself: metrics, traces and logs. */
export class TelemetryEnvironment extends RoomEnvironment {
  @Doc('records', 'text: lines for people. json: one JSON object a line, for programs that collect logs.')
  @IsIn(['text', 'json'])
  LOG_FORMAT: 'text' | 'json' = 'text';
  @Doc(
    'records',
    'Whether the log, and the traces where there are any, also hold what users and the assistant say. The log is then as confidential as the conversations.',
  )
  @ToBoolean()
  @IsBoolean()
  LOG_TRANSCRIPTS = false;

  @Doc(
    'telemetry',
    'otlp: traces of the conversations are sent to a collector by OpenTelemetry. none: there are none. Not set: otlp where OTEL_EXPORTER_OTLP_ENDPOINT or ' +
      'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is set, otherwise none.',
    'otlp',
  )
  @IsOptional()
  @IsIn(['otlp', 'none'])
  OTEL_TRACES_EXPORTER?: 'otlp' | 'none';
  @Doc('telemetry', 'Whether OpenTelemetry is off, whatever the other variables say.')
  @ToBoolean()
  @IsBoolean()
  OTEL_SDK_DISABLED = false;
  @Doc(
    'telemetry',
    'Address of a collector that takes OTLP over HTTP; traces go to its path v1/traces. Not set: http://localhost:4318.',
    'http://127.0.0.1:4318',
  )
  @IsOptional()
  @Unwrapped()
  @IsEndpoint(HTTP)
  OTEL_EXPORTER_OTLP_ENDPOINT?: string;
  @Doc(
    'telemetry',
    'The whole address for traces, in place of v1/traces under OTEL_EXPORTER_OTLP_ENDPOINT.',
    'https://otel.example/v1/traces',
  )
  @IsOptional()
  @Unwrapped()
  @IsEndpoint(HTTP)
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT?: string;
  @Doc(
    'telemetry',
    'Comma list of name=value: headers of every request to the collector, such as a key. Blanks are written %20.',
    'Authorization=Basic%20dXNlcjprZXk=',
  )
  @IsOptional()
  @Unwrapped()
  @Matches(PAIRS, PAIRS_MESSAGE)
  OTEL_EXPORTER_OTLP_HEADERS?: string;
  @Doc('telemetry', 'The same for traces alone; a header in both has the value given here.')
  @IsOptional()
  @Unwrapped()
  @Matches(PAIRS, PAIRS_MESSAGE)
  OTEL_EXPORTER_OTLP_TRACES_HEADERS?: string;
  @Doc(
    'telemetry',
    'How traces are written. They are always sent as JSON over HTTP, which whoever takes http/protobuf at the same address takes as well.',
  )
  @IsIn(['http/json', 'http/protobuf'])
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' | 'http/protobuf' = 'http/json';
  @Doc('telemetry', 'How many milliseconds the collector may take for a request.')
  @ToNumber()
  @IsInt()
  @Min(100)
  @Max(60_000)
  OTEL_EXPORTER_OTLP_TIMEOUT = 10_000;
  @Doc('telemetry', 'Name of this service in the traces.')
  @IsString()
  @IsNotEmpty()
  OTEL_SERVICE_NAME = 'parley';
  @Doc('telemetry', 'Comma list of name=value that every trace carries.', 'deployment.environment.name=production')
  @IsOptional()
  @Unwrapped()
  @Matches(PAIRS, PAIRS_MESSAGE)
  OTEL_RESOURCE_ATTRIBUTES?: string;
  @Doc(
    'telemetry',
    'Share of the conversations that are traced, from 0 to 1, when OTEL_TRACES_SAMPLER is traceidratio or parentbased_traceidratio.',
  )
  @ToNumber()
  @Min(0)
  @Max(1)
  OTEL_TRACES_SAMPLER_ARG = 1;
  @Doc('telemetry', 'Which conversations are traced: all, none, or a share of them.')
  @IsIn(['always_on', 'always_off', 'traceidratio', 'parentbased_always_on', 'parentbased_always_off', 'parentbased_traceidratio'])
  OTEL_TRACES_SAMPLER = 'parentbased_always_on';
}
