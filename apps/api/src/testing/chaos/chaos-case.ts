import { type Fault, FAULT_KINDS_AT, type FaultRule, parseFault, type Vendor } from '@parley/simulator';

/** One way to a vendor: the vendors have two sockets, or a socket and HTTP, and each way has its own adapter code. */
export type VendorApi = 'sarvam' | 'sarvam/legacy' | 'openai' | 'elevenlabs' | 'elevenlabs/http';

export const VENDOR_APIS: readonly VendorApi[] = ['sarvam', 'sarvam/legacy', 'openai', 'elevenlabs', 'elevenlabs/http'];

/** When a fault comes: between turns, or at which point of the turn that it is to spoil. */
export const MOMENTS = ['listening', 'speaking', 'drafting', 'processing', 'answering', 'voicing', 'interrupting'] as const;
export type Moment = (typeof MOMENTS)[number];

/** `once`: one strike, which the silent retry may mend. `lasting`: for as long as the turn lasts, so that the retry fails too. */
export type Persistence = 'once' | 'lasting';

export interface ChaosCase {
  /** `vendor / fault / state`, for reports. */
  readonly name: string;
  readonly api: VendorApi;
  readonly rule: FaultRule;
  readonly moment: Moment;
  readonly persistence: Persistence;
}

/** Values that a fault is tried with; one that is not named here is tried as it comes. */
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
  drafting: 'USER_SPEAKING, a draft under way',
  processing: 'AI_PROCESSING',
  answering: 'AI_SPEAKING, before its first sound',
  voicing: 'AI_SPEAKING, in the middle of a word',
  interrupting: 'AI_SPEAKING, the user interrupts',
};

/**
 * When each api's faults come. The vendor's main way is struck in every state; of the other one, whose adapter differs in the wire only, the
 * states are tried in which that is at work. Two in a row leave nothing to the retry, whichever the state, so they are tried in one.
 */
const TRIED: Record<VendorApi, Record<Persistence, readonly Moment[]>> = {
  sarvam: { once: MOMENTS, lasting: ['speaking'] },
  'sarvam/legacy': { once: ['processing'], lasting: ['speaking'] },
  openai: { once: MOMENTS, lasting: ['processing'] },
  elevenlabs: { once: MOMENTS, lasting: ['processing'] },
  'elevenlabs/http': { once: ['voicing'], lasting: ['processing'] },
};

/** Every api with every fault of its endpoint, from the simulator's own list: a new fault is in it by itself. */
export const chaosCases = (): ChaosCase[] =>
  VENDOR_APIS.flatMap((api) =>
    faultsOf(api).flatMap((fault) =>
      (['once', 'lasting'] as const).flatMap((persistence) =>
        TRIED[api][persistence].map((moment) => caseOf(api, fault, moment, persistence)),
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

const faultsOf = (api: VendorApi): string[] => kindsOf(api).flatMap((kind) => (VALUES[kind] ?? ['']).map((value) => `${kind}${value}`));

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
