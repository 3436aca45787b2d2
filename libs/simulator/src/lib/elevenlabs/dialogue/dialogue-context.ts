import type { ElevenLabsFault, Endpoint } from '../../faults/fault';
import type { SocketFailure, SocketLink } from '../../server/socket-link';
import { socketFailure } from '../elevenlabs-errors';
import type { PronunciationRule } from '../pronunciation/pronunciation-rule';
import { dialogueFrames } from '../socket-frames';
import { SpeechOutput } from '../speech-output';
import { stabilityProblem } from '../stability';
import type { ElevenLabsDeps } from '../vendor-deps';
import { embeddedVoiceFor } from '../voice-catalogue';
import { DialogueBuffer, type Batch } from './dialogue-buffer';
import type { DialogueMessage } from './dialogue-message';
import type { DialogueSettings } from './dialogue-settings';

export interface DialogueContextOptions {
  endpoint: Endpoint<'elevenlabs'>;
  /** Undefined on the single socket, whose frames name no context. */
  id: string | undefined;
  settings: DialogueSettings;
  link: SocketLink<ElevenLabsFault>;
  deps: ElevenLabsDeps;
}

/** One context on a dialogue socket: lines of several voices in, audio frames out. It ends by `close` or with the socket. */
export class DialogueContext {
  readonly #buffer = new DialogueBuffer();
  readonly #frames: ReturnType<typeof dialogueFrames>;
  readonly #output: SpeechOutput;
  /** Characters since the last flush. */
  #turnCharacters = 0;

  private constructor(
    private readonly options: DialogueContextOptions,
    /** The embedded voices by the vendor's ids. */
    private readonly voices: ReadonlyMap<string, string>,
    rules: readonly PronunciationRule[],
  ) {
    const { endpoint, id, settings, link, deps } = options;
    this.#frames = dialogueFrames(id);
    this.#output = new SpeechOutput({ endpoint, contextId: id, ...settings, rules, frames: this.#frames, isCounted: false, link, deps });
  }

  /** Opens a context by its first message; returns the failure if that is not one. */
  static open(options: DialogueContextOptions, { voices, voiceSettings, locators }: DialogueMessage): DialogueContext | SocketFailure {
    const { model } = options.settings;
    if (voices === undefined || voices.length === 0) {
      return socketFailure('invalid_input_message', 'The first message must name the voices.', 1008, 'voices');
    }
    if (voices.length > model.dialogueVoices) {
      const most = model.dialogueVoices === 1 ? 'exactly one voice' : `at most ${model.dialogueVoices} voices`;
      return socketFailure('invalid_input_message', `Model ${model.id} takes ${most}.`, 1008, 'voices');
    }
    const embedded = new Map<string, string>();
    for (const voiceId of voices) {
      const voice = embeddedVoiceFor(voiceId);
      if (voice === undefined) return socketFailure('voice_not_found', `A voice with voice_id ${voiceId} does not exist.`, 1008, 'voices');
      embedded.set(voiceId, voice);
    }
    const problem = stabilityProblem(model.id, voiceSettings?.['stability']);
    if (problem !== undefined) return socketFailure('invalid_voice_settings', problem, 1008, 'voice_settings');
    const rules = options.deps.dictionaries.rulesOf(locators);
    if ('status' in rules) return socketFailure(rules.status, rules.message, 1008, 'pronunciation_dictionary_locators');
    return new DialogueContext(options, embedded, rules);
  }

  /** Resolves when everything has been sent, its final frame included, or the socket is gone. Rejects when synthesis fails. */
  get done(): Promise<void> {
    return this.#output.done;
  }

  /** What is wrong with a message to this open context, or undefined. */
  problemOf({ inputs, voices, voiceSettings, locators }: DialogueMessage): SocketFailure | undefined {
    for (const [name, value] of Object.entries({ voices, voice_settings: voiceSettings, pronunciation_dictionary_locators: locators })) {
      if (value !== undefined)
        return socketFailure('invalid_input_message', `${name} must be provided in the first message only.`, 1008, name);
    }
    return this.#inputsProblem(inputs);
  }

  /** Adds the text of a message and flushes if it says so; returns what is wrong with it, if anything. */
  add({ inputs, flush }: DialogueMessage): SocketFailure | undefined {
    const problem = this.#inputsProblem(inputs);
    if (problem) return problem;
    for (const input of inputs) {
      this.#turnCharacters += input.text.length;
      for (const batch of this.#buffer.push(input)) this.#say(batch);
    }
    if (flush) this.#flush();
    return undefined;
  }

  /** What was triggered is still voiced. Held text is dropped, or voiced too with `flush`. Idempotent. */
  close({ flush = false } = {}): void {
    const held = this.#buffer.flush();
    if (flush && held) this.#say(held);
    this.#output.end();
  }

  /** The socket is gone. */
  abandon(): void {
    this.#output.abandon();
  }

  #inputsProblem(inputs: DialogueMessage['inputs']): SocketFailure | undefined {
    const stranger = inputs.find(({ voiceId }) => !this.voices.has(voiceId));
    if (stranger) {
      return socketFailure(
        'invalid_input_message',
        `The voice ${stranger.voiceId} is not among the voices of the first message.`,
        1008,
        'inputs',
      );
    }
    const { maxCharacters } = this.options.settings.model;
    const length = inputs.reduce((sum, { text }) => sum + text.length, this.#turnCharacters);
    return length > maxCharacters
      ? socketFailure('max_character_limit_exceeded', `A turn has at most ${maxCharacters} characters.`, 1008, 'inputs')
      : undefined;
  }

  #flush(): void {
    const held = this.#buffer.flush();
    if (held) this.#say(held);
    this.#turnCharacters = 0;
    this.#output.sendBehind(this.#frames.turnFinal());
  }

  #say({ text, voiceId }: Batch): void {
    const voice = this.voices.get(voiceId);
    if (voice !== undefined) this.#output.say(text, voiceId, { voice });
  }
}
