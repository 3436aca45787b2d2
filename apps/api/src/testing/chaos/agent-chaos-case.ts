import { AGENT_ERROR_CODES, type Fault, FAULT_KINDS_AT, type FaultRule, parseFault } from '@parley/simulator';
import { type Persistence, TAKES_MINUTES } from './chaos-case';

/** When the fault is injected into a conversation with the agent. */
export type AgentMoment = 'opening' | 'reconnecting' | 'listening' | 'speaking' | 'processing' | 'answering' | 'interrupting';

/** How the fault ends the conversation: with an error, or normally, as when the agent ends it. */
export type AgentEnd = 'error' | 'client';

export interface AgentChaosCase {
  /** `endpoint / fault / state`, the title of the test. */
  readonly name: string;
  readonly rule: FaultRule;
  readonly moment: AgentMoment;
  readonly persistence: Persistence;
  /** Undefined when the conversation continues. */
  readonly end: AgentEnd | undefined;
}

type AgentEndpoint = 'agent-conversation' | 'agent-signed-url';

const STATE: Record<AgentMoment, string> = {
  opening: 'opening',
  reconnecting: 'reconnecting',
  listening: 'USER_SPEAKING, nobody speaks',
  speaking: 'USER_SPEAKING, in the middle of a sentence',
  processing: 'AI_PROCESSING',
  answering: 'AI_SPEAKING, in the middle of a word',
  interrupting: 'AI_SPEAKING, the user interrupts',
};

const WHILE_OPEN: readonly AgentMoment[] = ['listening', 'speaking', 'processing', 'answering'];

/**
 * The moments at which a fault is tested. A fault that occurs once is tested in every state in which it can occur. A lasting one is tested while
 * the connection is opened and while an answer is awaited.
 */
function momentsFor(endpoint: AgentEndpoint, kind: Fault['kind'], persistence: Persistence): readonly AgentMoment[] {
  if (endpoint === 'agent-signed-url') return persistence === 'once' ? ['opening', 'reconnecting'] : ['opening'];
  switch (kind) {
    case 'duplicate-final':
    case 'missing-final':
      // Only spoken words have a final transcript.
      return persistence === 'once' ? ['speaking'] : [];
    case 'late-audio':
      return persistence === 'once' ? ['interrupting'] : [];
    case 'pause-in-speech':
      return persistence === 'once' ? ['processing'] : [];
    case 'silence':
      return persistence === 'once' ? ['processing', 'answering'] : ['processing'];
    default:
      return persistence === 'once' ? ['opening', ...WHILE_OPEN] : ['opening', 'processing'];
  }
}

/** The values that a fault is tested with. `agent.module.spec.ts` tests the close codes that are not listed here. */
function valuesOf(kind: Fault['kind'], moment: AgentMoment, persistence: Persistence): readonly string[] {
  switch (kind) {
    case 'refuse':
      return ['=401', '=403', '=429', '=503'];
    case 'late-frames':
    case 'slow-headers':
      return ['=60', '=2000'];
    case 'agent-error':
      return persistence === 'once' ? Object.keys(AGENT_ERROR_CODES).map((type) => `=${type}`) : ['=llm_timeout', '=unknown'];
    case 'close':
      return moment === 'processing' && persistence === 'once'
        ? ['=1000', '=1003', '=1007', '=1009', '=1012', '=1013', '=3003', '=3008']
        : ['=1000', '=1008', '=1011'];
    default:
      return [''];
  }
}

/** Every fault of the agents' endpoints. The faults come from the simulator's own list, so a new fault is tested without a change here. */
export const agentChaosCases = (): AgentChaosCase[] =>
  (['agent-conversation', 'agent-signed-url'] as const).flatMap((endpoint) =>
    FAULT_KINDS_AT.elevenlabs[endpoint]
      .filter((kind) => !TAKES_MINUTES.has(kind))
      .flatMap((kind) =>
        (['once', 'lasting'] as const).flatMap((persistence) =>
          momentsFor(endpoint, kind, persistence).flatMap((moment) =>
            valuesOf(kind, moment, persistence).map((value) => caseOf(endpoint, `${kind}${value}`, moment, persistence)),
          ),
        ),
      ),
  );

function caseOf(endpoint: AgentEndpoint, fault: string, moment: AgentMoment, persistence: Persistence): AgentChaosCase {
  const rule = parseFault(`elevenlabs/${endpoint}:${fault}`);
  const name = `${endpoint} / ${fault} ${persistence} / ${STATE[moment]}`;
  return { name, rule, moment, persistence, end: endAfter(rule.fault, moment, persistence) };
}

/** The close codes after which a new connection would fail in the same way. */
const FINAL_CLOSE_CODES: ReadonlySet<number> = new Set([1003, 1007, 1008, 1009, 3000, 3003]);
const CONFIGURATION_FAULT = 1008;

/** How the conversation ends after the fault; undefined when it continues. */
function endAfter(fault: Fault, moment: AgentMoment, persistence: Persistence): AgentEnd | undefined {
  const wasOpen = moment !== 'opening' && moment !== 'reconnecting';
  switch (fault.kind) {
    case 'quota-kill':
      return 'error';
    case 'refuse':
      if (fault.status === 401 || fault.status === 403) return 'error';
      break;
    case 'close':
      if (wasOpen && fault.code === 1000) return 'client';
      if (FINAL_CLOSE_CODES.has(fault.code)) return 'error';
      break;
    case 'agent-error':
      // The agent has reached its time limit, which is not a failure.
      if (wasOpen && fault.errorType === 'max_duration_exceeded') return 'client';
      if (fault.errorType === 'safety_violation' || AGENT_ERROR_CODES[fault.errorType] === CONFIGURATION_FAULT) return 'error';
  }
  return persistence === 'lasting' && losesConnection(fault, moment) && !isTolerated(fault) ? 'error' : undefined;
}

/** A longer delay exceeds the time limit of the handshake in this suite. */
const TOO_LATE_MS = 1_500;

/** Whether the fault is only a delay that is short enough to connect in spite of it. */
const isTolerated = (fault: Fault): boolean => fault.kind === 'slow-headers' && fault.delayMs < TOO_LATE_MS;

/** Whether the fault ends the connection, or prevents it. */
export function losesConnection(fault: Fault, moment: AgentMoment): boolean {
  switch (fault.kind) {
    case 'duplicate-frames':
    case 'duplicate-final':
    case 'missing-final':
    case 'silence':
    case 'late-audio':
    case 'identical-frames':
    case 'pause-in-speech':
      return false;
    case 'stall':
      return moment === 'opening' || moment === 'reconnecting';
    case 'late-frames':
      return (moment === 'opening' || moment === 'reconnecting') && fault.delayMs > TOO_LATE_MS;
    case 'slow-headers':
      return (moment !== 'opening' && moment !== 'reconnecting') || fault.delayMs > TOO_LATE_MS;
    default:
      return true;
  }
}
