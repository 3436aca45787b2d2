import type { AgentErrorType } from '../elevenlabs/agents/agent-errors';

/** A vendor, as the fault plan and the command line name it. */
export type Vendor = 'sarvam' | 'openai' | 'elevenlabs';

/** Every endpoint that faults can be injected at. */
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
    'dialogue-multi-stream-input',
    'dialogue-stream-input',
    'dialogue',
    'dialogue-stream',
    'dialogue-with-timestamps',
    'dialogue-stream-with-timestamps',
    'voices',
    'models',
    'subscription',
    'single-use-token',
    'pronunciation-dictionaries',
    'agent-conversation',
    'agent-signed-url',
    'agent-token',
  ],
} as const satisfies Record<Vendor, readonly string[]>;

export type Endpoint<V extends Vendor = Vendor> = (typeof ENDPOINTS)[V][number];

/**
 * When a fault is triggered: after this many frames (socket messages or body chunks) of its connection, request or piece of work. Default:
 * 0, before the first frame. `afterBytes` counts bytes instead: of the audio, decoded, where a socket sends audio, and else of what is sent.
 * An HTTP body ends exactly there, and a socket behind the frame that reaches it. With `upTo` the place is drawn anew each time, from the
 * given one to this one; the simulator's seed decides.
 */
interface AfterFrames {
  afterFrames?: number;
  afterBytes?: number;
  upTo?: number;
}

/** Answers the upgrade or request with an error, or sends it to another address by a `location` in the headers. `retryAfter`: seconds or an HTTP date. */
export interface RefuseFault {
  kind: 'refuse';
  status: number;
  /** Default: the vendor's own body for the status. */
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
  retryAfter?: number | string;
}

/**
 * Faults of every connection. `stall`: nothing more is sent. `drop`: the connection ends without a close frame, or within the body.
 * `half-open`: nothing is sent or read any more. `half-close`: the vendor ends its side without a close frame, and goes on reading.
 * `duplicate-frames`: every text frame is sent twice, but not frames of audio, because a client could not tell repeated audio from speech
 * that repeats itself. `oversized`: one frame has six mebibytes. `endless`: a frame is sent again and again, as fast as the client reads.
 * `trickle`: everything is sent a byte at a time, every `everyMs` (default 1 000).
 */
export type TransportFault =
  | RefuseFault
  | ({ kind: 'stall' | 'drop' | 'reset' | 'half-open' | 'half-close' | 'garbage' } & AfterFrames)
  | ({ kind: 'oversized' | 'endless' } & AfterFrames)
  | { kind: 'trickle'; everyMs?: number }
  | { kind: 'late-frames'; delayMs: number }
  | { kind: 'duplicate-frames' }
  | { kind: 'slow-headers'; delayMs: number };

/** Faults of sockets only. `error-then-close`: the vendor's error frame (or `frame`), then close. `close`: an unexpected close frame. */
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

/** Ways in which compatible servers write a reply differently from the vendor. */
export type ChatDialect = 'thoughts' | 'control-tokens' | 'loose-chunks' | 'refusal' | 'not-streamed';

/**
 * `error-chunk`: an error in the middle of a 200 stream. `no-done`: the body ends without `[DONE]`; `missing-final`: without the finish chunk
 * either; `no-finish`: without the finish chunk, but with `[DONE]`. `fragment`: the bytes arrive in pieces of 1 to 7, with CRLF and comment
 * lines. `reasoning`: reasoning deltas before the content. `thoughts`: reasoning within the content, between tags that are split.
 * `control-tokens`: the control tokens of the model's template in the content. `loose-chunks`: between the tokens, chunks without choices
 * or delta, events without data, and content in parts. `refusal`: the text is in the refusal field. `not-streamed`: one JSON object, as if
 * `stream` were unknown.
 */
export type OpenAiFault =
  | TransportFault
  | ({ kind: 'error-chunk' } & AfterFrames)
  | { kind: 'no-done' | 'missing-final' | 'no-finish' | 'fragment' | 'reasoning' | ChatDialect }
  | { kind: 'finish'; reason: 'length' | 'content_filter' };

/**
 * `silence`: looks like success, but no audio is sent, as with a used-up quota. `odd-chunks`: every HTTP audio chunk but the last has an
 * odd length. `identical-frames`: the audio is one constant value, and every frame of a sentence but the last is identical, as with
 * a hold tone or a mock server; an agent's frames also have the same event id.
 * `quota`: the quota is used up; a socket sends the error and closes, and a request is answered with 401 or, if its answer has begun, broken
 * off. `missing-alignment`: no frame has an alignment. `unordered-alignment`: the times of a frame's characters run backwards. `overlapping-alignment`: every frame repeats the characters of the
 * frame before, as Flash does. Other ways in which alignment differs are `SimulatorOptions.alignment`.
 */
export type ElevenLabsFault =
  | TransportFault
  | SocketFault
  | AgentFault
  | ({ kind: 'quota' } & AfterFrames)
  | {
      kind:
        | 'missing-alignment'
        | 'duplicate-final'
        | 'missing-final'
        | 'odd-chunks'
        | 'silence'
        | 'identical-frames'
        | 'unordered-alignment'
        | 'overlapping-alignment';
    };

/**
 * Faults of agent conversations only. There a final is the user's transcript, and a piece of work is a turn: what the user says and its
 * reply; the first message is a turn too. `agent-error`: the error frame of that type, then close with its code. `quota-kill`: the quota's
 * error frame, then close. `late-audio`: when the reply is interrupted, some of its audio still comes, with event ids below and equal to
 * the interruption's. `pause-in-speech`: nothing is sent for this long after the first piece of a reply's audio.
 */
export type AgentFault =
  | { kind: 'pause-in-speech'; pauseMs: number }
  | ({ kind: 'agent-error'; errorType: AgentErrorType } & AfterFrames)
  | ({ kind: 'quota-kill' } & AfterFrames)
  | { kind: 'late-audio' };

export type Fault = SarvamFault | OpenAiFault | ElevenLabsFault;

const TRANSPORT = [
  ...(['refuse', 'stall', 'drop', 'reset', 'half-open', 'half-close'] as const),
  ...(['garbage', 'late-frames', 'duplicate-frames', 'slow-headers', 'endless', 'trickle'] as const),
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
  ...(['duplicate-final', 'missing-final', 'silence', 'identical-frames', 'quota'] as const),
  ...(['missing-alignment', 'unordered-alignment', 'overlapping-alignment'] as const),
] as const;
const SPEECH_REQUEST = [...TRANSPORT, ...OVERSIZED, 'odd-chunks', 'silence', 'quota'] as const;
/** The whole answer has one alignment, so there is none before it to overlap with. */
const ALIGNED_REQUEST = [...SPEECH_REQUEST, 'missing-alignment', 'unordered-alignment'] as const;
const ALIGNED_STREAM = [...ALIGNED_REQUEST, 'overlapping-alignment'] as const;
const AGENT = [
  ...SOCKET,
  ...(['duplicate-final', 'missing-final', 'silence', 'identical-frames'] as const),
  ...(['agent-error', 'quota-kill', 'late-audio', 'pause-in-speech'] as const),
] as const;

/** The faults that each endpoint has. Other faults are never applied to it. */
export const FAULT_KINDS_AT: { readonly [V in Vendor]: Readonly<Record<Endpoint<V>, readonly FaultOf<V>['kind'][]>> } = {
  sarvam: { realtime: RECOGNITION, legacy: RECOGNITION },
  openai: { chat: CHAT, models: TRANSPORT },
  elevenlabs: {
    'multi-stream-input': SPEECH_SOCKET,
    'stream-input': SPEECH_SOCKET,
    speech: SPEECH_REQUEST,
    'speech-stream': SPEECH_REQUEST,
    'speech-with-timestamps': ALIGNED_REQUEST,
    'speech-stream-with-timestamps': ALIGNED_STREAM,
    'dialogue-multi-stream-input': SPEECH_SOCKET,
    'dialogue-stream-input': SPEECH_SOCKET,
    dialogue: SPEECH_REQUEST,
    'dialogue-stream': SPEECH_REQUEST,
    'dialogue-with-timestamps': ALIGNED_REQUEST,
    'dialogue-stream-with-timestamps': ALIGNED_STREAM,
    voices: TRANSPORT,
    models: TRANSPORT,
    subscription: TRANSPORT,
    'single-use-token': TRANSPORT,
    'pronunciation-dictionaries': TRANSPORT,
    'agent-conversation': AGENT,
    'agent-signed-url': TRANSPORT,
    'agent-token': TRANSPORT,
  },
};

/** The faults that each vendor has, for checking names from a command line. */
export const FAULT_KINDS: { readonly [V in Vendor]: readonly FaultOf<V>['kind'][] } = {
  sarvam: RECOGNITION,
  openai: CHAT,
  elevenlabs: [...new Set([...SPEECH_SOCKET, ...SPEECH_REQUEST, ...AGENT])],
};

export type FaultOf<V extends Vendor> = V extends 'sarvam' ? SarvamFault : V extends 'openai' ? OpenAiFault : ElevenLabsFault;

/**
 * When a fault is drawn: when a socket or request arrives, or when work begins on an open socket (an utterance, a context, an agent's
 * turn). For HTTP the request is both.
 */
export type FaultStage = 'connection' | 'work';

/** One rule of a fault plan. */
export type FaultRule = {
  [V in Vendor]: {
    vendor: V;
    /** Default: every endpoint of the vendor that has the fault. */
    endpoint?: Endpoint<V>;
    fault: FaultOf<V>;
    /** How often it is triggered. Default: once; `Infinity` for always. */
    times?: number;
    /** The probability, 0..1, of being triggered when it is drawn; depends on the simulator's seed. A miss does not use it up. */
    probability?: number;
    /** Default: `connection` for `refuse`, `slow-headers`, `error-then-close` and `close`, and `work` for the rest. */
    at?: FaultStage;
  };
}[Vendor];
