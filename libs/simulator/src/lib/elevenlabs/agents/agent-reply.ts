import type { ElevenLabsFault } from '../../faults/fault';
import type { FaultScope } from '../../faults/fault-scope';
import { sleep } from '../../server/sleep';
import { splitSentences } from '../sentences';
import { SpeechQueue } from '../speech-queue';
import { constantSound, IDENTICAL_FRAMES, type SpokenFrame } from '../spoken-frames';
import type { AgentDeps } from './agent-deps';
import { encoderFor, type AgentAudioFormat } from './agent-audio-format';
import type { AgentEvents } from './agent-events';
import { audioFrame, responseFrame, responsePartFrame, tentativeResponseFrame } from './agent-frames';
import { PlaybackEstimate } from './playback-estimate';

export interface AgentReplyOptions {
  /** The fault scope of the turn that is answered. */
  scope: FaultScope<ElevenLabsFault>;
  events: AgentEvents;
  deps: AgentDeps;
  /** The embedded voice; undefined for a reply in text only. */
  voice: string | undefined;
  format: AgentAudioFormat;
  alignment: boolean;
  /** Aborted when the conversation ends. */
  signal: AbortSignal;
}

/** How a reply is said. */
export interface Saying {
  /** False for text that needs no language model, such as the first message: it comes without the model's delay. */
  thinks: boolean;
  /** Called when the whole text has been sent, which is before its audio. */
  onAnnounced(text: string): void;
}

/** The vendor sends audio in pieces of this length. */
const CHUNK_MS = { shortest: 250, longest: 500 };

/** One reply of the agent: first its text, then its audio. It ends when all has been sent, by `stop`, or with the conversation. */
export class AgentReply {
  readonly scope: FaultScope<ElevenLabsFault>;
  readonly #stopped = new AbortController();
  readonly #signal: AbortSignal;
  readonly #playback = new PlaybackEstimate();
  #announced: { eventId: number; text: string } | undefined;
  #lastAudio: string | undefined;
  #sending = false;
  #hasPaused = false;

  constructor(private readonly options: AgentReplyOptions) {
    this.scope = options.scope;
    this.#signal = AbortSignal.any([options.signal, this.#stopped.signal]);
  }

  /** Aborted when nothing more of this reply will be sent. */
  get signal(): AbortSignal {
    return this.#signal;
  }

  /** The whole text and its event id, once it has been sent. */
  get announced(): { eventId: number; text: string } | undefined {
    return this.#announced;
  }

  /** True while text or audio is still to be sent, and while the audio that was sent should be playing. */
  get going(): boolean {
    return this.#sending || this.#playback.isPlaying(performance.now());
  }

  /** The audio that was sent last, in base64. */
  get lastAudio(): string | undefined {
    return this.#lastAudio;
  }

  heardText(): string {
    return this.#playback.heardText(performance.now());
  }

  /** Nothing more of it is sent. */
  stop(): void {
    this.#stopped.abort();
  }

  /** Sends the text and its audio. Resolves when all has been sent or the reply was stopped; rejects when synthesis fails. */
  async say(pieces: Iterable<string>, { thinks, onAnnounced }: Saying): Promise<void> {
    const { events, voice, deps } = this.options;
    const tokens = [...pieces];
    const text = tokens.join('');
    if (text === '' || (thinks && !(await sleep(deps.delay('llmFirstTokenMs'), this.#signal))) || this.#signal.aborted) return;
    this.#sending = true;
    try {
      const eventId = events.nextId();
      const speakable = voice === undefined ? text.length : (splitSentences(text)[0] ?? text).trimEnd().length;
      const parts = this.#parts(tokens, eventId, thinks);
      let written = 0;
      while (written < speakable) {
        const part = await parts.next();
        if (part.done) break;
        written += part.value;
      }
      // In a text-only reply the complete text follows its parts; in a spoken one it precedes the audio.
      if (voice === undefined) await drain(parts);
      if (this.#signal.aborted || this.scope.silent) return;
      events.send(tentativeResponseFrame(text), this.scope);
      this.#announced = { eventId, text };
      events.send(responseFrame(eventId, text), this.scope);
      onAnnounced(text);
      if (voice !== undefined) await Promise.all([drain(parts), this.#speak(text, voice)]);
    } finally {
      this.#sending = false;
    }
  }

  /** Streams the text at the model's pace; yields the number of characters of each piece. */
  async *#parts(tokens: readonly string[], eventId: number, thinks: boolean): AsyncGenerator<number> {
    const { events, deps } = this.options;
    const send = (type: 'start' | 'delta' | 'stop', text: string): void => events.send(responsePartFrame(eventId, type, text), this.scope);
    send('start', '');
    for (const [i, token] of tokens.entries()) {
      if (i > 0 && thinks && !(await sleep(deps.delay('llmTokenGapMs'), this.#signal))) return;
      send('delta', token);
      yield token.length;
    }
    send('stop', '');
  }

  async #speak(text: string, voice: string): Promise<void> {
    const { deps, format } = this.options;
    const { rateHz, encode } = encoderFor(format);
    const isConstant = this.scope.is('identical-frames');
    const speech = new SpeechQueue({ ...deps, rateHz, chunkMs: () => (isConstant ? IDENTICAL_FRAMES : CHUNK_MS) }, this.#signal);
    speech.say(text, { voice });
    speech.end();
    const sharedId = isConstant ? this.options.events.nextId() : undefined;
    for await (const frame of speech.frames()) {
      if (this.#signal.aborted || this.scope.silent || this.scope.is('silence')) continue;
      const audio = encode(isConstant ? constantSound(frame.pcm) : frame.pcm).toString('base64');
      this.#send(frame, audio, sharedId ?? this.options.events.nextId());
      await this.#pauseOnce();
    }
  }

  async #pauseOnce(): Promise<void> {
    const { fault } = this.scope;
    if (fault?.kind !== 'pause-in-speech' || this.#hasPaused) return;
    this.#hasPaused = true;
    await sleep(fault.pauseMs, this.#signal);
  }

  #send({ durationMs, characters }: SpokenFrame, audio: string, eventId: number): void {
    const { events, deps, alignment } = this.options;
    this.#lastAudio = audio;
    this.#playback.add(durationMs, characters, performance.now());
    deps.tally.audioOutMs += durationMs;
    events.send(audioFrame(eventId, audio, alignment ? characters : undefined), this.scope);
  }
}

async function drain(parts: AsyncGenerator<number>): Promise<void> {
  while (!(await parts.next()).done);
}
