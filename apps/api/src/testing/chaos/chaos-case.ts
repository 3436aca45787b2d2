import { type Fault, FAULT_KINDS_AT, type FaultRule, parseFault, type Vendor } from '@parley/simulator';

/** An API of a simulated vendor. A vendor with two APIs, for instance a socket and HTTP, has separate adapter code for each. */
export type VendorApi = 'sarvam' | 'sarvam/legacy' | 'openai' | 'elevenlabs' | 'elevenlabs/http';

export const VENDOR_APIS: readonly VendorApi[] = ['sarvam', 'sarvam/legacy', 'openai', 'elevenlabs', 'elevenlabs/http'];

/** When the fault is injected: between turns (`listening`), or at a point of a turn. */
export const MOMENTS = ['listening', 'speaking', 'drafting', 'processing', 'answering', 'voicing', 'interrupting'] as const;
export type Moment = (typeof MOMENTS)[number];

/** `once`: the fault occurs once, so that a retry can succeed. `lasting`: it occurs until the turn is over, so that the retry fails as well. */
export type Persistence = 'once' | 'lasting';

export interface ChaosCase {
  /** `api / fault / state`, the title of the test. */
  readonly name: string;
  readonly api: VendorApi;
  readonly rule: FaultRule;
  readonly moment: Moment;
  readonly persistence: Persistence;
}

/** The values that a fault is tested with. A fault that is not listed has no value. */
const VALUES: Partial<Record<Fault['kind'], readonly string[]>> = {
  refuse: ['=401', '=403', '=429'],
  close: ['=1008', '=1011'],
  finish: ['=length', '=content_filter'],
  'late-frames': ['=60', '=2000'],
  'slow-headers': ['=60', '=2000'],
};

const STATE: Record<Moment, string> = {
  listening: 'USER_SPEAKING, nobody speaks',
  speaking: 'USER_SPEAKING, in the middle of a sentence',
  drafting: 'USER_SPEAKING, while a draft is being written',
  processing: 'AI_PROCESSING',
  answering: 'AI_SPEAKING, before its first sound',
  voicing: 'AI_SPEAKING, in the middle of a word',
  interrupting: 'AI_SPEAKING, the user interrupts',
};

/**
 * The moments at which the faults of each API are tested. The main API of a vendor is tested in every state. The adapter of its second API differs
 * only in the wire format, so it is tested in one state in which it is in use. A lasting fault makes the retry fail in the same way in every
 * state, so it is tested in one.
 */
const MOMENTS_TESTED: Record<VendorApi, Record<Persistence, readonly Moment[]>> = {
  sarvam: { once: MOMENTS, lasting: ['speaking'] },
  'sarvam/legacy': { once: ['processing'], lasting: ['speaking'] },
  openai: { once: MOMENTS, lasting: ['processing'] },
  elevenlabs: { once: MOMENTS, lasting: ['processing'] },
  'elevenlabs/http': { once: ['voicing'], lasting: ['processing'] },
};

/** Every API with every fault of its endpoint. The faults come from the simulator's own list, so a new fault is tested without a change here. */
export const chaosCases = (): ChaosCase[] =>
  VENDOR_APIS.flatMap((api) =>
    faultsOf(api).flatMap((fault) =>
      (['once', 'lasting'] as const).flatMap((persistence) =>
        MOMENTS_TESTED[api][persistence].map((moment) => caseOf(api, fault, moment, persistence)),
      ),
    ),
  );

const caseOf = (api: VendorApi, fault: string, moment: Moment, persistence: Persistence): ChaosCase => ({
  name: `${api} / ${fault} ${persistence} / ${STATE[moment]}`,
  api,
  rule: parseFault(`${vendorOf(api)}:${fault}`),
  moment,
  persistence,
});

export function vendorOf(api: VendorApi): Vendor {
  switch (api) {
    case 'sarvam':
    case 'sarvam/legacy':
      return 'sarvam';
    case 'openai':
      return 'openai';
    case 'elevenlabs':
    case 'elevenlabs/http':
      return 'elevenlabs';
  }
}

/**
 * Answers without an end, and answers that come a byte at a time, are given up after a bounded time and size, but that takes longer than a case waits. The
 * contract of hostile vendors has them.
 */
export const TAKES_MINUTES: ReadonlySet<Fault['kind']> = new Set(['endless', 'trickle']);

const faultsOf = (api: VendorApi): string[] =>
  kindsOf(api)
    .filter((kind) => !TAKES_MINUTES.has(kind))
    .flatMap((kind) => (VALUES[kind] ?? ['']).map((value) => `${kind}${value}`));

function kindsOf(api: VendorApi): readonly Fault['kind'][] {
  switch (api) {
    case 'sarvam':
      return FAULT_KINDS_AT.sarvam.realtime;
    case 'sarvam/legacy':
      return FAULT_KINDS_AT.sarvam.legacy;
    case 'openai':
      return FAULT_KINDS_AT.openai.chat;
    case 'elevenlabs':
      return FAULT_KINDS_AT.elevenlabs['multi-stream-input'];
    case 'elevenlabs/http':
      return FAULT_KINDS_AT.elevenlabs['speech-stream'];
  }
}
