import type { AgentErrorType } from '../elevenlabs/agents/agent-errors';

/** A vendor, as the fault plan and the command line name it. */
export type Vendor = 'sarvam' | 'openai' | 'elevenlabs';

/** Every endpoint that faults can be aimed at. */
export const ENDPOINTS = {
  sarvam: ['realtime', 'legacy'],
  openai: ['chat', 'models'],
  elevenlabs: [
    'multi-stream-input',
    'stream-input',
    'speech',
    'speech-stream',
    'speech-with-timestamps',
    'speech-stream-with-timestamps',
    'voices',
    'models',
    'subscription',
    'single-use-token',
    'agent-conversation',
    'agent-signed-url',
    'agent-token',
  ],
} as const satisfies Record<Vendor, readonly string[]>;

export type Endpoint<V extends Vendor = Vendor> = (typeof ENDPOINTS)[V][number];

/** When a fault strikes: after this many frames (socket messages or body chunks) of its connection, request or piece of work. 0, the default, is before the first. */
interface AfterFrames {
  afterFrames?: number;
}

/** Answers the upgrade or request with this instead. `retryAfter`: seconds or an HTTP date. */
export interface RefuseFault {
  kind: 'refuse';
  status: number;
  /** The vendor's own body for the status when left out. */
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
  retryAfter?: number | string;
}

/**
 * Faults of every connection. `stall`: silence from there on. `drop`: the connection ends without a close frame, or mid-body. `half-open`:
 * nothing is sent nor read any more. `half-close`: the vendor ends its side without a close frame, and goes on reading. `duplicate-frames`:
 * every frame of text comes twice (a body of bare bytes has none), but for frames of audio: a voice may well say the same twice, so that nobody
 * could tell. `oversized`: one frame is of six mebibytes.
 */
export type TransportFault =
  | RefuseFault
  | ({ kind: 'stall' | 'drop' | 'reset' | 'half-open' | 'half-close' | 'garbage' } & AfterFrames)
  | ({ kind: 'oversized' } & AfterFrames)
  | { kind: 'late-frames'; delayMs: number }
  | { kind: 'duplicate-frames' }
  | { kind: 'slow-headers'; delayMs: number };

/** Faults of sockets only. `error-then-close`: the vendor's error frame (or `frame`), then close. `close`: a close frame out of the blue. */
export type SocketFault =
  | ({ kind: 'error-then-close'; frame?: object; code?: number; reason?: string } & AfterFrames)
  | ({ kind: 'close'; code: number; reason?: string } & AfterFrames);

/**
 * `final-first`: the final precedes the end-of-speech event. `split-final`: a long turn comes as two finals. `leak-vad`: `vad.*` events in manual mode.
 * `stale-partial`: the last partial comes again, after the final.
 */
export type SarvamFault =
  | TransportFault
  | SocketFault
  | { kind: 'duplicate-final' | 'empty-transcript' | 'missing-final' | 'final-first' | 'split-final' | 'leak-vad' | 'stale-partial' };

/** Ways in which a model's words are written otherwise than the vendor writes them. */
export type ChatDialect = 'thoughts' | 'control-tokens' | 'loose-chunks' | 'refusal' | 'not-streamed';

/**
 * `error-chunk`: an error in the middle of a 200 stream. `no-done`: the body ends without `[DONE]`; `missing-final`: without the finish chunk
 * either; `no-finish`: without the finish chunk, but with `[DONE]`. `fragment`: the bytes arrive in pieces of 1 to 7, with CRLF and comment
 * lines. `reasoning`: reasoning deltas before the content. `thoughts`: the same in the content, between tags that are cut. `control-tokens`:
 * the marks of the model's template in the content. `loose-chunks`: between the tokens chunks without choices or without a delta, events
 * without data, and content in parts. `refusal`: the words come in that field. `not-streamed`: one JSON object, as if `stream` were unknown.
 */
export type OpenAiFault =
  | TransportFault
  | ({ kind: 'error-chunk' } & AfterFrames)
  | { kind: 'no-done' | 'missing-final' | 'no-finish' | 'fragment' | 'reasoning' | ChatDialect }
  | { kind: 'finish'; reason: 'length' | 'content_filter' };

/**
 * `silence`: a used-up quota that looks like success: the final comes, audio never. `odd-chunks`: every HTTP audio chunk but the last has an
 * odd length. `identical-frames`: the voice is one constant sound, and every frame of a sentence but the last is the same to the bit, as those
 * of a hold tone or of a mock server; an agent's bear one event id as well.
 * `unordered-alignment`: the times of a frame's characters run backwards. `overlapping-alignment`: every frame repeats the characters of the
 * frame before, as Flash does. Other ways in which alignment differs are `SimulatorOptions.alignment`.
 */
export type ElevenLabsFault =
  | TransportFault
  | SocketFault
  | AgentFault
  | {
      kind:
        | 'duplicate-final'
        | 'missing-final'
        | 'odd-chunks'
        | 'silence'
        | 'identical-frames'
        | 'unordered-alignment'
        | 'overlapping-alignment';
    };

/**
 * Faults of an agent's conversation only, where a final is the user's transcript and a piece of work is a turn: what the user says and its
 * reply; the first message is one too. `agent-error`: the error frame of that type, then close with its code. `quota-kill`: the flat error
 * frame, then close. `late-audio`: when that reply is interrupted, audio of it still comes, with event ids below and equal to the
 * interruption's. `pause-in-speech`: for so long nothing comes behind the first piece of a reply's audio.
 */
export type AgentFault =
  | { kind: 'pause-in-speech'; pauseMs: number }
  | ({ kind: 'agent-error'; errorType: AgentErrorType } & AfterFrames)
  | ({ kind: 'quota-kill' } & AfterFrames)
  | { kind: 'late-audio' };

export type Fault = SarvamFault | OpenAiFault | ElevenLabsFault;

const TRANSPORT = [
  ...(['refuse', 'stall', 'drop', 'reset', 'half-open', 'half-close'] as const),
  ...(['garbage', 'late-frames', 'duplicate-frames', 'slow-headers'] as const),
] as const;
const OVERSIZED = ['oversized'] as const;
const SOCKET = [...TRANSPORT, 'error-then-close', 'close'] as const;
const RECOGNITION = [
  ...SOCKET,
  ...OVERSIZED,
  ...(['duplicate-final', 'empty-transcript', 'missing-final', 'final-first', 'split-final', 'leak-vad', 'stale-partial'] as const),
] as const;
const CHAT = [
  ...TRANSPORT,
  ...OVERSIZED,
  ...(['error-chunk', 'no-done', 'missing-final', 'no-finish', 'fragment', 'reasoning', 'finish'] as const),
  ...(['thoughts', 'control-tokens', 'loose-chunks', 'refusal', 'not-streamed'] as const),
] as const;
const SPEECH_SOCKET = [
  ...SOCKET,
  ...OVERSIZED,
  ...(['duplicate-final', 'missing-final', 'silence', 'identical-frames', 'unordered-alignment', 'overlapping-alignment'] as const),
] as const;
const SPEECH_REQUEST = [...TRANSPORT, ...OVERSIZED, 'odd-chunks', 'silence'] as const;
const AGENT = [
  ...SOCKET,
  ...(['duplicate-final', 'missing-final', 'silence', 'identical-frames'] as const),
  ...(['agent-error', 'quota-kill', 'late-audio', 'pause-in-speech'] as const),
] as const;

/** What each endpoint can be made to do. A fault that an endpoint does not have never comes upon it. */
export const FAULT_KINDS_AT: { readonly [V in Vendor]: Readonly<Record<Endpoint<V>, readonly FaultOf<V>['kind'][]>> } = {
  sarvam: { realtime: RECOGNITION, legacy: RECOGNITION },
  openai: { chat: CHAT, models: TRANSPORT },
  elevenlabs: {
    'multi-stream-input': SPEECH_SOCKET,
    'stream-input': SPEECH_SOCKET,
    speech: SPEECH_REQUEST,
    'speech-stream': SPEECH_REQUEST,
    'speech-with-timestamps': SPEECH_REQUEST,
    'speech-stream-with-timestamps': SPEECH_REQUEST,
    voices: TRANSPORT,
    models: TRANSPORT,
    subscription: TRANSPORT,
    'single-use-token': TRANSPORT,
    'agent-conversation': AGENT,
    'agent-signed-url': TRANSPORT,
    'agent-token': TRANSPORT,
  },
};

/** What a vendor can be made to do, for checking names that come from a command line. */
export const FAULT_KINDS: { readonly [V in Vendor]: readonly FaultOf<V>['kind'][] } = {
  sarvam: RECOGNITION,
  openai: CHAT,
  elevenlabs: [...new Set([...SPEECH_SOCKET, ...SPEECH_REQUEST, ...AGENT])],
};

export type FaultOf<V extends Vendor> = V extends 'sarvam' ? SarvamFault : V extends 'openai' ? OpenAiFault : ElevenLabsFault;

/** Where a fault is drawn: when a socket or request arrives, or when work begins on an open socket (an utterance, a context, an agent's turn). For HTTP the request is both. */
export type FaultStage = 'connection' | 'work';

/** One line of a scenario. */
export type FaultRule = {
  [V in Vendor]: {
    vendor: V;
    /** Every endpoint of the vendor that knows the fault when left out. */
    endpoint?: Endpoint<V>;
    fault: FaultOf<V>;
    /** How often it strikes; once when left out, `Infinity` for always. */
    times?: number;
    /** Of striking when its turn comes, 0..1; drawn by the simulator's seed. A miss does not use it up. */
    probability?: number;
    /** `connection` for `refuse`, `slow-headers`, `error-then-close` and `close`, `work` for the rest, when left out. */
    at?: FaultStage;
  };
}[Vendor];
