import { AGENT_ERROR_CODES, type AgentErrorType } from '../elevenlabs/agents/agent-errors';
import { checkFault } from './check-fault';
import { ENDPOINTS, type Endpoint, FAULT_KINDS, FAULT_KINDS_AT, type Fault, type FaultRule, type Vendor } from './fault';

const SHAPE =
  /^(?<vendor>[a-z]+)(?:\/(?<endpoint>[a-z-]+))?:(?<kind>[a-z-]+)(?:=(?<value>[\w-]+))?(?:\*(?<times>\d+))?(?:@(?<probability>[\d.]+))?$/;

// The compiler types the keys of an object as strings.
const AGENT_ERROR_TYPES = Object.keys(AGENT_ERROR_CODES) as AgentErrorType[];

/**
 * A rule from a command line: `vendor[/endpoint]:kind[=value][*times][@probability]`, e.g. `sarvam:stall`, `openai/chat:refuse=503*2`,
 * `elevenlabs:drop=3@0.1`. The value is the status of `refuse`, the code of `close`, the milliseconds of `late-frames`, `slow-headers`, `trickle` and
 * `pause-in-speech`, the reason of `finish`, the type of `agent-error`, or else the number of frames after which the fault is triggered:
 * `drop=3`, or `drop=2000b` for bytes, or `drop=0-40` and `drop=0-90000b` for a place that is drawn anew each time.
 * Without `*times` it is triggered every time. Throws an Error whose message names the mistake.
 */
export function parseFault(text: string): FaultRule {
  const parts = SHAPE.exec(text)?.groups;
  if (!parts) throw new Error(`fault "${text}" is not of the form vendor[/endpoint]:kind[=value][*times][@probability]`);
  const vendor = oneOf<Vendor>(parts['vendor'], ['sarvam', 'openai', 'elevenlabs'], 'vendor', text);
  const endpoint = parts['endpoint'] === undefined ? undefined : oneOf<Endpoint>(parts['endpoint'], ENDPOINTS[vendor], 'endpoint', text);
  const kind = oneOf<Fault['kind']>(parts['kind'], kindsAt(vendor, endpoint), 'fault', text);
  const probability = parts['probability'] === undefined ? undefined : Number(parts['probability']);
  if (probability !== undefined && !(probability >= 0 && probability <= 1))
    throw new Error(`fault "${text}": the probability is not between 0 and 1`);
  const fault = withValue(kind, parts['value'], text);
  checkFault(fault);
  const rule = {
    vendor,
    ...(endpoint === undefined ? {} : { endpoint }),
    fault,
    times: parts['times'] === undefined ? Infinity : Number(parts['times']),
    ...(probability === undefined ? {} : { probability }),
  };
  // Vendor, endpoint and kind have been checked against each other above; the compiler cannot see that.
  return rule as FaultRule;
}

/** The faults of the endpoint, or all of the vendor's. */
function kindsAt(vendor: Vendor, endpoint: Endpoint | undefined): readonly Fault['kind'][] {
  const own: Readonly<Partial<Record<Endpoint, readonly Fault['kind'][]>>> = FAULT_KINDS_AT[vendor];
  return (endpoint && own[endpoint]) ?? FAULT_KINDS[vendor];
}

function withValue(kind: Fault['kind'], value: string | undefined, text: string): Fault {
  switch (kind) {
    case 'refuse':
      return { kind, status: value === undefined ? 503 : wholeNumber(value, text) };
    case 'close':
      return { kind, code: value === undefined ? 1011 : wholeNumber(value, text) };
    case 'late-frames':
    case 'slow-headers':
      return { kind, delayMs: value === undefined ? 1000 : wholeNumber(value, text) };
    case 'trickle':
      return value === undefined ? { kind } : { kind, everyMs: wholeNumber(value, text) };
    case 'pause-in-speech':
      return { kind, pauseMs: value === undefined ? 2000 : wholeNumber(value, text) };
    case 'finish':
      return { kind, reason: oneOf(value ?? 'length', ['length', 'content_filter'] as const, 'reason', text) };
    case 'agent-error':
      return { kind, errorType: oneOf(value ?? 'unknown', AGENT_ERROR_TYPES, 'error type', text) };
    case 'stall':
    case 'drop':
    case 'reset':
    case 'half-open':
    case 'half-close':
    case 'garbage':
    case 'oversized':
    case 'endless':
    case 'error-then-close':
    case 'error-chunk':
    case 'quota-kill':
    case 'quota':
      return value === undefined ? { kind } : { kind, ...placeOf(value, text) };
    default:
      if (value !== undefined) throw new Error(`fault "${text}": ${kind} takes no value`);
      return { kind };
  }
}

function oneOf<T extends string>(value: string | undefined, allowed: readonly T[], what: string, text: string): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw new Error(`fault "${text}": unknown ${what} "${value}"; one of: ${allowed.join(', ')}`);
  return found;
}

const PLACE = /^(?<from>\d+)(?:-(?<to>\d+))?(?<bytes>b)?$/;

function placeOf(value: string, text: string): { afterFrames?: number; afterBytes?: number; upTo?: number } {
  const { from = value, to, bytes } = PLACE.exec(value)?.groups ?? {};
  const place = wholeNumber(from, text);
  return { ...(bytes ? { afterBytes: place } : { afterFrames: place }), ...(to === undefined ? {} : { upTo: wholeNumber(to, text) }) };
}

function wholeNumber(value: string, text: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 0) throw new Error(`fault "${text}": "${value}" is not a whole number`);
  return number;
}
