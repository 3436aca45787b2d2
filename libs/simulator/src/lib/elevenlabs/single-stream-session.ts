import type { ElevenLabsFault } from '../faults/fault';
import type { SocketLink, SocketSession } from '../server/socket-link';
import { type ClientMessage, parseClientMessage } from './client-message';
import { socketFailure } from './elevenlabs-errors';
import type { SocketAccess } from './socket-access';
import type { SocketSettings } from './socket-settings';
import { SpeechSocketInput } from './speech-socket-input';
import type { ElevenLabsDeps } from './vendor-deps';
import { VoiceContext } from './voice-context';

/** One connection to `stream-input`: one utterance, then the server closes. */
export class SingleStreamSession implements SocketSession {
  readonly #intake: SpeechSocketInput<ClientMessage>;
  #context: VoiceContext | undefined;
  #voiceSettings: string | undefined;

  constructor(
    private readonly link: SocketLink<ElevenLabsFault>,
    private readonly settings: SocketSettings,
    access: SocketAccess,
    private readonly deps: ElevenLabsDeps,
  ) {
    this.#intake = new SpeechSocketInput(link, access, parseClientMessage, settings.inactivityMs);
  }

  onBinary(): void {
    this.#intake.refuseBinary();
  }

  onGone(): void {
    this.#intake.end();
    this.#context?.abandon();
  }

  onText(text: string): void {
    const message = this.#intake.read(text);
    if (!message) return;
    if (this.#context) this.#onLaterMessage(this.#context, message);
    else this.#onFirstMessage(message);
  }

  #onFirstMessage(message: ClientMessage): void {
    if (message.text !== ' ') return this.#intake.fail(socketFailure('invalid_input_message', 'The first message must have the text " ".'));
    this.#voiceSettings = message.voiceSettings;
    const rules = this.deps.dictionaries.rulesOf(message.locators);
    if ('status' in rules) return this.#intake.fail(socketFailure(rules.status, rules.message));
    const context = new VoiceContext({
      endpoint: 'stream-input',
      id: undefined,
      settings: this.settings,
      schedule: message.schedule,
      speed: message.speed,
      rules,
      link: this.link,
      deps: this.deps,
    });
    this.#context = context;
    context.done.then(
      () => this.link.close(1000),
      () => this.#intake.speechFailed(),
    );
  }

  #onLaterMessage(context: VoiceContext, { text, flush, tryTrigger, voiceSettings, schedule, locators }: ClientMessage): void {
    if (text === undefined) return this.#intake.fail(socketFailure('invalid_input_message', 'The field text is required.'));
    if (voiceSettings !== undefined && voiceSettings !== this.#voiceSettings) {
      return this.#intake.fail(socketFailure('invalid_voice_settings', 'voice_settings must be provided in the first message.'));
    }
    if (locators !== undefined) {
      const message = 'pronunciation_dictionary_locators must be provided in the first message.';
      return this.#intake.fail(socketFailure('invalid_input_message', message));
    }
    if (schedule) context.schedule = schedule;
    if (!this.#intake.isPaid(text)) return;
    // The empty text is the end, whatever else the message asks for.
    if (text === '') this.#intake.finish();
    const refused = text === '' ? context.close({ flush: true }) : context.add(text, { flush, tryTrigger });
    if (refused) this.#intake.fail(refused);
  }
}
