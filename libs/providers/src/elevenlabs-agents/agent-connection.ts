import { ELEVEN_LABS } from '../elevenlabs/eleven-labs-errors';
import { ProviderError } from '../ports/provider-error';
import type { VoiceAgentEvent, VoiceAgentListener, VoiceAgentSession, VoiceAgentToolResult } from '../ports/voice-agent';
import { type SocketEnd, VendorSocket } from '../socket/vendor-socket';
import { Watchdog } from '../shared/watchdog';
import { type AgentAudioFormat, parseAgentAudioFormat } from './agent-audio-format';
import { AgentBounds } from './agent-bounds';
import { agentSocketError, MAX_DURATION, type AgentFault } from './agent-errors';
import { type AgentFrame, decodeAgentFrame } from './agent-frame';
import { AgentMicrophone } from './agent-microphone';
import { AgentSpeech } from './agent-speech';
import { SilenceFiller } from './silence-filler';

export interface AgentConnectionOptions {
  url: string;
  /** The first message that is sent to the agent. */
  initiation: object;
  outputSampleRateHz: number;
  /** Limit for opening the connection, including the vendor's metadata message, in milliseconds. */
  handshakeTimeoutMs: number;
  heartbeatMs: number;
}

/** The time that the close may take to follow the error message that announces it. */
const CLOSE_AFTER_FAULT_MS = 1_000;
/** If an agent has announced that it hangs up, and then neither speaks nor hangs up for this long, the conversation counts as ended. */
const CLOSE_AFTER_END_CALL_MS = 5_000;
/** Limit of data that the peer has not read yet: about a minute of audio as base64. A peer that is further behind has stopped reading. */
const MOST_BUFFERED_BYTES = 2_600_000;
/** Audio is sent in messages of at most 100 ms, as the vendor recommends. */
const MOST_SAMPLES = 1_600;

/** One socket to the agent, from connecting to its end. It is owned and closed by whoever opened it. */
export class AgentConnection implements VoiceAgentSession {
  /** Resolves when the conversation has begun. Rejects with a `ProviderError` if the socket ends before that. */
  readonly ready: Promise<void>;
  readonly #socket: VendorSocket;
  readonly #greeting = new Watchdog(() => this.#fail('timeout', 'the elevenlabs agent did not begin the conversation in time'));
  readonly #explanation = new Watchdog(() => this.#socket.terminate());
  readonly #hangUp = new Watchdog(() => this.#socket.close());
  readonly #silence = new SilenceFiller((pcm) => this.#sendAudio(pcm));
  readonly #onAbort = () => void this.close();
  #settle: { resolve(): void; reject(error: ProviderError): void } | undefined;
  #microphone: AgentMicrophone | undefined;
  #speech: AgentSpeech | undefined;
  #output: AgentAudioFormat | undefined;
  readonly #bounds = new AgentBounds();
  /** Messages with this event id or an earlier one belong to speech that was interrupted. */
  #interruptedId = -Infinity;
  /** The latest reply whose whole text was reported. Parts of it, or its whole text, may still arrive again. */
  #whole: { id: number; text: string } | undefined;
  /** The event id of the latest user turn whose final transcript was reported. */
  #finalId: number | undefined;
  #isHangingUp = false;
  #isClosedHere = false;
  #failure: ProviderError | undefined;
  #fault: AgentFault | undefined;

  constructor(
    private readonly options: AgentConnectionOptions,
    private readonly listener: VoiceAgentListener,
    private readonly signal: AbortSignal,
  ) {
    const { url, handshakeTimeoutMs, heartbeatMs } = options;
    this.ready = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    // The rejection is handled here, because a caller that closes the connection while it opens does not wait for `ready`.
    this.ready.catch(() => undefined);
    this.#greeting.arm(handshakeTimeoutMs);
    this.#socket = new VendorSocket(
      { url, headers: {}, handshakeTimeoutMs, heartbeatMs },
      {
        opened: () => this.#socket.send(options.initiation),
        message: (text) => this.#message(decodeAgentFrame(text)),
        ended: (end) => this.#ended(end),
      },
    );
    if (signal.aborted) void this.close();
    else signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  pushAudio(pcm: Int16Array): void {
    this.#silence.heard(pcm.length);
    this.#sendAudio(pcm);
  }

  sendText(text: string): void {
    this.#send({ type: 'user_message', text });
  }

  contextualUpdate(text: string): void {
    this.#send({ type: 'contextual_update', text });
  }

  toolResult({ callId, result, isError }: VoiceAgentToolResult): void {
    this.#send({ type: 'client_tool_result', tool_call_id: callId, result, is_error: isError });
  }

  userActivity(): void {
    this.#send({ type: 'user_activity' });
  }

  async close(): Promise<void> {
    this.#isClosedHere = true;
    this.#release();
    this.#socket.close();
    await this.#socket.gone;
  }

  #send(message: object): void {
    if (this.#microphone && !this.#isClosedHere) this.#socket.send(message);
  }

  #sendAudio(pcm: Int16Array): void {
    const microphone = this.#microphone;
    if (!microphone || this.#isClosedHere || !this.#socket.isOpen) return;
    if (this.#socket.bufferedBytes > MOST_BUFFERED_BYTES) return this.#fail('connection_lost', 'the elevenlabs agent stopped reading');
    for (let start = 0; start < pcm.length; start += MOST_SAMPLES) {
      const base64 = microphone.encode(pcm.length <= MOST_SAMPLES ? pcm : pcm.subarray(start, start + MOST_SAMPLES));
      // Base64 needs no escaping, so the message can be built without the cost of `JSON.stringify`.
      if (base64 !== '') this.#socket.sendText(`{"user_audio_chunk":"${base64}"}`);
    }
  }

  #message(frame: AgentFrame): void {
    if (this.#isClosedHere) return;
    if (!this.#bounds.takes(frame, this.#output, performance.now())) {
      return this.#fail('bad_response', 'the elevenlabs agent sent more than it can have said');
    }
    switch (frame.type) {
      case 'metadata':
        return this.#begin(frame);
      case 'ping':
        this.#socket.send({ type: 'pong', event_id: frame.eventId });
        if (frame.pingMs !== undefined) this.#tell({ type: 'latency', roundTripMs: frame.pingMs });
        return;
      case 'audio':
        return this.#audio(frame);
      case 'transcript':
        return this.#transcript(frame);
      case 'reply_part':
        if (!this.#isLate(frame.eventId) && !this.#isToldWhole(frame.eventId)) this.#tell({ type: 'reply_text_part', text: frame.text });
        return;
      case 'reply':
        return this.#reply(frame);
      case 'correction':
        return this.#tell({ type: 'reply_corrected', original: frame.original, text: frame.text });
      case 'interruption':
        this.#interruptedId = Math.max(this.#interruptedId, frame.eventId ?? -Infinity);
        this.#speech?.reset();
        return this.#tell({ type: 'interrupted' });
      case 'tool_call':
        return this.#tell({ type: 'tool_called', callId: frame.callId, name: frame.name, parameters: frame.parameters });
      case 'end_call':
        this.#isHangingUp = true;
        this.#hangUp.arm(CLOSE_AFTER_END_CALL_MS);
        return this.#tell({ type: 'hanging_up' });
      case 'error':
        this.#fault = frame;
        return this.#explanation.arm(CLOSE_AFTER_FAULT_MS);
      case 'garbage':
        return this.#fail('bad_response', 'the elevenlabs agent sent something that is not its protocol');
      case 'ignored':
        return;
    }
  }

  #begin({ inputFormat, outputFormat }: Extract<AgentFrame, { type: 'metadata' }>): void {
    if (this.#microphone) return;
    const input = parseAgentAudioFormat(inputFormat);
    const output = parseAgentAudioFormat(outputFormat);
    if (!input || !output) return this.#fail('bad_response', 'the elevenlabs agent wants an audio format that is not known');
    this.#greeting.disarm();
    this.#microphone = new AgentMicrophone(input);
    this.#output = output;
    this.#speech = new AgentSpeech(output, this.options.outputSampleRateHz);
    this.#silence.start();
    this.#settle?.resolve();
  }

  #audio({ base64, eventId, alignment }: Extract<AgentFrame, { type: 'audio' }>): void {
    if (this.#isHangingUp) this.#hangUp.arm(CLOSE_AFTER_END_CALL_MS);
    // Identical pieces with the same id are all played, because the vendor documents no id that identifies a single piece.
    if (this.#isLate(eventId)) return;
    // The alignment counts from the start of the piece, so only the first part carries it.
    let first = alignment;
    this.#speech?.decode(base64, (pcm) => {
      this.#tell({ type: 'audio', pcm, ...(first && { alignment: first }) });
      first = undefined;
    });
  }

  #reply({ text, eventId }: Extract<AgentFrame, { type: 'reply' }>): void {
    if (eventId !== undefined) {
      if (eventId === this.#whole?.id && text === this.#whole.text) return;
      this.#whole = { id: eventId, text };
    }
    if (!this.#isLate(eventId)) this.#tell({ type: 'reply_text', text });
  }

  /** A final transcript that arrives twice is one turn and is reported once. */
  #transcript({ text, isFinal, eventId }: Extract<AgentFrame, { type: 'transcript' }>): void {
    if (eventId !== undefined && eventId === this.#finalId) return;
    if (isFinal) this.#finalId = eventId;
    this.#tell({ type: 'user_transcript', text, isFinal });
  }

  #isLate(eventId: number | undefined): boolean {
    return eventId !== undefined && eventId <= this.#interruptedId;
  }

  #isToldWhole(eventId: number | undefined): boolean {
    return eventId !== undefined && eventId <= (this.#whole?.id ?? -Infinity);
  }

  /** No event is reported before the conversation has begun, because the caller of `open` does not have the session yet. */
  #tell(event: VoiceAgentEvent): void {
    if (this.#microphone) this.listener(event);
  }

  #fail(code: 'timeout' | 'bad_response' | 'connection_lost', message: string): void {
    this.#failure ??= new ProviderError(ELEVEN_LABS, code, message);
    this.#socket.terminate();
  }

  #release(): void {
    this.signal.removeEventListener('abort', this.#onAbort);
    this.#greeting.disarm();
    this.#explanation.disarm();
    this.#hangUp.disarm();
    this.#silence.stop();
  }

  #ended(end: SocketEnd): void {
    this.#release();
    const wasReady = this.#microphone !== undefined;
    const error = this.#failure ?? agentSocketError(end, this.#fault);
    this.#settle?.reject(error);
    if (!wasReady || this.#isClosedHere) return;
    if (this.#hasHungUp(end)) this.listener({ type: 'ended', by: 'agent' });
    else this.listener({ type: 'ended', by: 'failure', error });
  }

  #hasHungUp(end: SocketEnd): boolean {
    if (this.#failure) return false;
    if (this.#isHangingUp || this.#fault?.errorType === MAX_DURATION) return true;
    return this.#fault === undefined && end.kind === 'closed' && end.code === 1000;
  }
}
