import type { Endpoint, ElevenLabsFault } from '../faults/fault';
import type { SocketLink } from '../server/socket-link';
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
  /** How words are to be pronounced. */
  rules: readonly PronunciationRule[];
  link: SocketLink<ElevenLabsFault>;
  deps: ElevenLabsDeps;
}

/** Silence that the vendor puts after a message that is voiced by itself in the middle of a sentence. */
const AUTO_MODE_PAD_MS = 120;

/** One context on a text-to-speech socket: text in, audio frames out. It ends by `close` or with the socket. */
export class VoiceContext {
  readonly #buffer: TextBuffer;
  readonly #output: SpeechOutput;

  constructor(private readonly options: VoiceContextOptions) {
    const { settings, schedule, rules, link, deps, endpoint, id } = options;
    this.#buffer = new TextBuffer(settings.autoMode, schedule);
    this.#output = new SpeechOutput({ endpoint, ...settings, rules, frames: speechFrames(id), isCounted: true, link, deps });
  }

  /** Resolves when everything has been sent, its final frame included, or the socket is gone. Rejects when synthesis fails. */
  get done(): Promise<void> {
    return this.#output.done;
  }

  set schedule(schedule: readonly number[]) {
    this.#buffer.schedule = schedule;
  }

  add(text: string, { flush = false, tryTrigger = false } = {}): void {
    this.#voice(this.#buffer.push(text, tryTrigger));
    if (flush) this.#voice(this.#buffer.flush());
  }

  /** No more text will come. Text that is due is still voiced; buffered text is dropped, or voiced too with `flush`. Idempotent. */
  close({ flush = false } = {}): void {
    if (flush) this.#voice(this.#buffer.flush());
    this.#output.end();
  }

  /** The socket is gone. */
  abandon(): void {
    this.#output.abandon();
  }

  #voice(text: string | undefined): void {
    const { voice, autoMode } = this.options.settings;
    if (text !== undefined) this.#output.say(text, { voice, padMs: autoMode ? AUTO_MODE_PAD_MS : 0 });
  }
}
