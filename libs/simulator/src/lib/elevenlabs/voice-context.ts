import type { Endpoint, ElevenLabsFault } from '../faults/fault';
import type { SocketFailure, SocketLink } from '../server/socket-link';
import { socketFailure } from './elevenlabs-errors';
import type { PronunciationRule } from './pronunciation/pronunciation-rule';
import { speechFrames } from './socket-frames';
import type { SocketSettings } from './socket-settings';
import { SpeechOutput } from './speech-output';
import { TextBuffer } from './text-buffer';
import type { ElevenLabsDeps } from './vendor-deps';

export interface VoiceContextOptions {
  endpoint: Endpoint<'elevenlabs'>;
  /** Undefined on the single socket, whose frames name no context. */
  id: string | undefined;
  settings: SocketSettings;
  schedule: readonly number[] | undefined;
  /** 1 is normal. */
  speed: number;
  /** How words are to be pronounced. */
  rules: readonly PronunciationRule[];
  link: SocketLink<ElevenLabsFault>;
  deps: ElevenLabsDeps;
}

/** Silence that the vendor puts after a message that is voiced by itself in the middle of a sentence. */
const AUTO_MODE_PAD_MS = 120;
/** The same after a single word: text that came word by word was measured to take 172 % of its time. */
const AUTO_MODE_WORD_PAD_MS = 340;

/** One context on a text-to-speech socket: text in, audio frames out. It ends by `close` or with the socket. */
export class VoiceContext {
  readonly #buffer: TextBuffer;
  readonly #output: SpeechOutput;
  #characters = 0;

  constructor(private readonly options: VoiceContextOptions) {
    const { settings, schedule, rules, link, deps, endpoint, id } = options;
    this.#buffer = new TextBuffer(settings.autoMode, schedule);
    this.#output = new SpeechOutput({ endpoint, contextId: id, ...settings, rules, frames: speechFrames(id), isCounted: true, link, deps });
  }

  /** Resolves when everything has been sent, its final frame included, or the socket is gone. Rejects when synthesis fails. */
  get done(): Promise<void> {
    return this.#output.done;
  }

  set schedule(schedule: readonly number[]) {
    this.#buffer.schedule = schedule;
  }

  /** Returns why the text is refused, if it is. */
  add(text: string, { flush = false, tryTrigger = false } = {}): SocketFailure | undefined {
    const { maxCharacters, id } = this.options.settings.model;
    this.#characters += text.length;
    if (this.#characters > maxCharacters) {
      return socketFailure('max_character_limit_exceeded', `The model ${id} takes at most ${maxCharacters} characters.`);
    }
    return this.#voice(this.#buffer.push(text, tryTrigger)) ?? (flush ? this.#voice(this.#buffer.flush()) : undefined);
  }

  /**
   * No more text will come. Text that is due is still voiced; buffered text is dropped, or voiced too with `flush`. Idempotent. Returns why
   * the text is refused, if it is.
   */
  close({ flush = false } = {}): SocketFailure | undefined {
    const refused = flush ? this.#voice(this.#buffer.flush()) : undefined;
    this.#output.end();
    return refused;
  }

  /** The socket is gone. */
  abandon(): void {
    this.#output.abandon();
  }

  #voice(text: string | undefined): SocketFailure | undefined {
    if (text === undefined) return undefined;
    const { settings, deps, speed } = this.options;
    // An idle socket does not count; one that is about to generate does.
    const tooMany = this.#output.isGenerating ? undefined : deps.gauge.refuse();
    if (tooMany) return socketFailure(tooMany, 'Too many concurrent requests.');
    const padMs = /\S\s+\S/.test(text) ? AUTO_MODE_PAD_MS : AUTO_MODE_WORD_PAD_MS;
    this.#output.say(text, settings.voiceId, { voice: settings.voice, padMs: settings.autoMode ? padMs : 0, speed });
    return undefined;
  }
}
