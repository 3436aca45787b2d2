import type { ElevenLabsFault } from '../faults/fault';
import type { SocketLink, SocketSession } from '../server/socket-link';
import { type ClientMessage, parseClientMessage } from './client-message';
import { socketFailure } from './elevenlabs-errors';
import { ContextSlots } from './context-slots';
import type { SocketAccess } from './socket-access';
import type { SocketSettings } from './socket-settings';
import { SpeechSocketInput } from './speech-socket-input';
import type { ElevenLabsDeps } from './vendor-deps';
import { VoiceContext } from './voice-context';

const DEFAULT_CONTEXT_ID = 'default';

interface OpenContext {
  context: VoiceContext;
  /** The settings of the first message; they cannot change. */
  voiceSettings: string | undefined;
}

/** One connection to `multi-stream-input`, with at most five contexts at a time. */
export class MultiStreamSession implements SocketSession {
  readonly #intake: SpeechSocketInput<ClientMessage>;
  readonly #contexts = new Map<string, OpenContext>();
  readonly #running = new Set<VoiceContext>();
  readonly #slots: ContextSlots;

  constructor(
    private readonly link: SocketLink<ElevenLabsFault>,
    private readonly settings: SocketSettings,
    access: SocketAccess,
    private readonly deps: ElevenLabsDeps,
  ) {
    this.#intake = new SpeechSocketInput(link, access, parseClientMessage, settings.inactivityMs);
    this.#slots = new ContextSlots(deps.limits.elevenLabsContextReleaseMs);
  }

  onBinary(): void {
    this.#intake.refuseBinary();
  }

  onGone(): void {
    this.#intake.end();
    this.#slots.clear();
    for (const context of this.#running) context.abandon();
  }

  onText(text: string): void {
    const message = this.#intake.read(text);
    if (!message) return;
    if (message.closeSocket) return void this.#closeSocket();
    if (message.closeContext !== undefined) return this.#closeContext(message);
    this.#onContextMessage(message);
  }

  /** Handles text, a flush or a keep-alive. Each of them opens a context when its id is unknown, even if the client did not intend to. */
  #onContextMessage(message: ClientMessage): void {
    const { text = '', flush, tryTrigger, voiceSettings, contextId = DEFAULT_CONTEXT_ID } = message;
    const known = this.#contexts.get(contextId);
    if (known && voiceSettings !== undefined && voiceSettings !== known.voiceSettings) {
      return this.#intake.fail(
        socketFailure('invalid_voice_settings', 'voice_settings must be provided in the first message of a context.'),
      );
    }
    const full = known ? undefined : this.#slots.problemWith(this.#contexts.size);
    if (full) return this.#intake.fail(full);
    if (!this.#intake.isPaid(text)) return;
    const context = known?.context ?? this.#open(contextId, message);
    if (!context) return;
    const refused = text !== '' || flush ? context.add(text, { flush, tryTrigger }) : undefined;
    if (refused) this.#intake.fail(refused);
  }

  #open(id: string, { voiceSettings, speed, schedule, locators }: ClientMessage): VoiceContext | undefined {
    const rules = this.deps.dictionaries.rulesOf(locators);
    if ('status' in rules) return void this.#intake.fail(socketFailure(rules.status, rules.message));
    const context = new VoiceContext({
      endpoint: 'multi-stream-input',
      id,
      settings: this.settings,
      schedule,
      speed,
      rules,
      link: this.link,
      deps: this.deps,
    });
    this.#contexts.set(id, { context, voiceSettings });
    this.#running.add(context);
    context.done.then(
      () => this.#running.delete(context),
      () => this.#intake.speechFailed(),
    );
    return context;
  }

  /** The current speech continues. The id is free at once, but the context counts towards the limit for a little longer. */
  #closeContext({ contextId = DEFAULT_CONTEXT_ID, closeContext }: ClientMessage): void {
    const known = this.#contexts.get(contextId);
    if (!known || closeContext !== true) return;
    this.#contexts.delete(contextId);
    this.#slots.release();
    known.context.close();
  }

  async #closeSocket(): Promise<void> {
    this.#intake.end();
    for (const { context } of this.#contexts.values()) context.close();
    await Promise.allSettled([...this.#running].map(({ done }) => done));
    this.link.close(1000);
  }
}
