import { SpeechLog, type SpeechRecord } from './speech-log';

/** Work that was in progress when its client left or told it to stop. */
export interface AbortRecord {
  endpoint: string;
  /** From the moment when the vendor could notice it to the end of generation. */
  stopMs: number;
  /** Everything that was generated: tokens (OpenAI) or bytes of audio (ElevenLabs). */
  generated: number;
  /** The part of `generated` that was made after the client had left. */
  generatedAfter: number;
}

/** What one vendor has seen since the start. The object is live: read it at any time. */
export interface VendorCounters {
  /** Accepted sockets. */
  readonly socketsOpened: number;
  readonly socketsOpen: number;
  /** Open sockets that a `half-open` fault has frozen. A frozen socket does not notice either when the client leaves. */
  readonly socketsFrozen: number;
  readonly upgradesRefused: number;
  /** HTTP requests. */
  readonly requests: number;
  readonly requestsOpen: number;
  /** Sockets accepted and requests received, by endpoint. */
  readonly byEndpoint: Readonly<Record<string, number>>;
  /** How often a socket ended with this close code; 1006 is an end without a close frame. */
  readonly closeCodes: Readonly<Record<number, number>>;
  /** The last thousand, oldest first. */
  readonly aborts: readonly Readonly<AbortRecord>[];
  /** How many faults were applied. */
  readonly faults: number;
}

export interface SarvamCounters extends VendorCounters {
  readonly utterances: number;
  readonly partials: number;
  readonly finals: number;
  readonly audioMs: number;
}

export interface OpenAiCounters extends VendorCounters {
  readonly tokens: number;
  /** Tokens generated after the client had left: the cost of cancelling late. */
  readonly tokensAfterAbort: number;
}

/** What was asked to be spoken. */
export interface SpeechRecords {
  /** Oldest first. */
  readonly records: readonly SpeechRecord[];
  /** Characters by endpoint, since the start. */
  readonly characters: Readonly<Record<string, number>>;
}

export interface ElevenLabsCounters extends VendorCounters {
  /** Characters that clients asked to have synthesised. */
  readonly charactersBilled: number;
  /** The texts that were billed, in the order of their requests: the last thousand, and at most two million characters. */
  readonly speech: SpeechRecords;
  readonly contextsOpened: number;
  /** Closed by `close_context`, `close_socket` or the end of the socket. */
  readonly contextsClosed: number;
  /** The part of `contextsClosed` that still had audio to send. */
  readonly contextsCancelled: number;
  readonly audioBytes: number;
  /** Audio sent for a context after its `close_context`. */
  readonly bytesAfterCancel: number;
}

/** Counts for agent conversations (their sockets, signed URLs and tokens), separate from text to speech. */
export interface AgentCounters extends VendorCounters {
  /** Signed URLs and tokens that were given out. */
  readonly grants: number;
  /** Conversations that were begun. */
  readonly conversations: number;
  readonly conversationsOpen: number;
  /** User turns, spoken or written, and first messages. */
  readonly turns: number;
  readonly utterances: number;
  readonly interruptions: number;
  readonly audioInMs: number;
  readonly audioOutMs: number;
  readonly pings: number;
  /** Pongs that answered a ping. */
  readonly pongs: number;
  readonly toolCalls: number;
  readonly toolResults: number;
  readonly userMessages: number;
  readonly userActivities: number;
  readonly feedback: number;
  /** The texts of the last hundred. */
  readonly contextUpdates: readonly string[];
}

/** What the simulated vendors have seen. Live; owned by the simulator. */
export interface SimulatorCounters {
  readonly sarvam: SarvamCounters;
  readonly openai: OpenAiCounters;
  readonly elevenLabs: ElevenLabsCounters;
  /** Served at the same origin as `elevenLabs`. */
  readonly agents: AgentCounters;
}

/** The writable side of one vendor's counters. */
export type Tally<C extends VendorCounters> = { -readonly [K in keyof Omit<C, 'byEndpoint' | 'closeCodes' | 'aborts'>]: C[K] } & {
  byEndpoint: Record<string, number>;
  closeCodes: Record<number, number>;
  aborts: AbortRecord[];
};

/** The simulator's own view of its counters. */
export interface Tallies {
  sarvam: Tally<SarvamCounters>;
  openai: Tally<OpenAiCounters>;
  elevenLabs: Tally<ElevenLabsCounters> & { speech: SpeechLog };
  agents: Tally<AgentCounters>;
}

export function createTallies(): Tallies {
  return {
    sarvam: { ...vendorTally(), utterances: 0, partials: 0, finals: 0, audioMs: 0 },
    openai: { ...vendorTally(), tokens: 0, tokensAfterAbort: 0 },
    elevenLabs: {
      ...vendorTally(),
      charactersBilled: 0,
      speech: new SpeechLog(),
      contextsOpened: 0,
      contextsClosed: 0,
      contextsCancelled: 0,
      audioBytes: 0,
      bytesAfterCancel: 0,
    },
    agents: {
      ...vendorTally(),
      grants: 0,
      conversations: 0,
      conversationsOpen: 0,
      turns: 0,
      utterances: 0,
      interruptions: 0,
      audioInMs: 0,
      audioOutMs: 0,
      pings: 0,
      pongs: 0,
      toolCalls: 0,
      toolResults: 0,
      userMessages: 0,
      userActivities: 0,
      feedback: 0,
      contextUpdates: [],
    },
  };
}

/** Counts one under `key`. */
export function countIn<K extends string | number>(counts: Record<K, number>, key: K): void {
  counts[key] = (counts[key] ?? 0) + 1;
}

/** Keeps the last thousand aborts, so that a simulator which runs for days does not grow. */
export function recordAbort(tally: Pick<Tally<VendorCounters>, 'aborts'>, abort: AbortRecord): void {
  tally.aborts.push(abort);
  if (tally.aborts.length > 1000) tally.aborts.shift();
}

function vendorTally(): Tally<VendorCounters> {
  return {
    socketsOpened: 0,
    socketsOpen: 0,
    socketsFrozen: 0,
    upgradesRefused: 0,
    requests: 0,
    requestsOpen: 0,
    byEndpoint: {},
    closeCodes: {},
    aborts: [],
    faults: 0,
  };
}
