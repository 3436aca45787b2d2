import type { ElevenLabsFault } from '../faults/fault';
import { IdleTimer } from '../server/idle-timer';
import type { SocketFailure, SocketLink, SocketSession } from '../server/socket-link';
import { parseClientMessage, type ClientMessage } from './client-message';
import { socketFailure } from './elevenlabs-errors';
import type { SocketAccess } from './socket-access';
import type { SocketSettings } from './socket-settings';
import type { ElevenLabsDeps } from './vendor-deps';
import { VoiceContext } from './voice-context';

/** One connection to `stream-input`: one utterance, then the server closes. */
export class SingleStreamSession implements SocketSession {
  readonly #idle: IdleTimer;
  #context: VoiceContext | undefined;
  #voiceSettings: string | undefined;
  #ended = false;

  constructor(
    private readonly link: SocketLink<ElevenLabsFault>,
    private readonly settings: SocketSettings,
    private readonly access: SocketAccess,
    private readonly deps: ElevenLabsDeps,
  ) {
    this.#idle = new IdleTimer(settings.inactivityMs, () =>
      this.#fail(socketFailure('input_timeout_exceeded', 'No new text was received in time.')),
    );
  }

  onBinary(): void {
    this.#fail(socketFailure('invalid_input_message', 'Messages must be JSON text.'));
  }

  onGone(): void {
    this.#idle.stop();
    this.#context?.abandon();
  }

  onText(text: string): void {
    if (this.#ended) return;
    const message = parseClientMessage(text);
    if ('frame' in message) return this.#fail(message);
    const refused = this.access.admit(message.key);
    if (refused) return this.#fail(refused);
    this.#idle.restart();
    if (this.#context) this.#onLaterMessage(this.#context, message);
    else this.#onFirstMessage(message);
  }

  #onFirstMessage(message: ClientMessage): void {
    if (message.text !== ' ') return this.#fail(socketFailure('invalid_input_message', 'The first message must have the text " ".'));
    this.#voiceSettings = message.voiceSettings;
    const context = new VoiceContext({
      endpoint: 'stream-input',
      id: undefined,
      settings: this.settings,
      schedule: message.schedule,
      link: this.link,
      deps: this.deps,
    });
    this.#context = context;
    context.done.then(
      () => this.link.close(1000),
      () => this.#fail(socketFailure('internal_error', 'Speech generation failed.', 1011)),
    );
  }

  #onLaterMessage(context: VoiceContext, { text = '', flush, tryTrigger, voiceSettings, schedule }: ClientMessage): void {
    if (voiceSettings !== undefined && voiceSettings !== this.#voiceSettings) {
      return this.#fail(socketFailure('invalid_voice_settings', 'voice_settings must be provided in the first message.'));
    }
    if (schedule) context.schedule = schedule;
    const unpaid = text.trim() === '' ? undefined : this.access.onGenerate();
    if (unpaid) return this.#fail(unpaid);
    if (text !== '') return context.add(text, { flush, tryTrigger });
    if (flush) return context.add('', { flush });
    this.#ended = true;
    this.#idle.stop();
    context.close({ flush: true });
  }

  #fail(failure: SocketFailure): void {
    this.#ended = true;
    this.#idle.stop();
    this.link.fail(failure);
  }
}
