import type { ElevenLabsFault } from '../faults/fault';
import { IdleTimer } from '../server/idle-timer';
import type { SocketFailure, SocketLink, SocketSession } from '../server/socket-link';
import { parseClientMessage, type ClientMessage } from './client-message';
import { socketFailure } from './elevenlabs-errors';
import type { SocketAccess } from './socket-access';
import type { SocketSettings } from './socket-settings';
import type { ElevenLabsDeps } from './vendor-deps';
import { VoiceContext } from './voice-context';

const MAX_CONTEXTS = 5;
const DEFAULT_CONTEXT_ID = 'default';

interface OpenContext {
  context: VoiceContext;
  /** As its first message had them: they cannot change. */
  voiceSettings: string | undefined;
}

/** One connection to `multi-stream-input`: several contexts, of which five count at a time. */
export class MultiStreamSession implements SocketSession {
  readonly #idle: IdleTimer;
  readonly #contexts = new Map<string, OpenContext>();
  readonly #running = new Set<VoiceContext>();
  /** Closed contexts that still count. */
  readonly #zombies = new Set<NodeJS.Timeout>();
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
    for (const zombie of this.#zombies) clearTimeout(zombie);
    for (const context of this.#running) context.abandon();
  }

  onText(text: string): void {
    if (this.#ended) return;
    const message = parseClientMessage(text);
    if ('frame' in message) return this.#fail(message);
    const refused = this.access.admit(message.key);
    if (refused) return this.#fail(refused);
    this.#idle.restart();
    if (message.closeSocket) return void this.#closeSocket();
    if (message.closeContext !== undefined) return this.#closeContext(message);
    this.#onContextMessage(message);
  }

  /** Text, a flush or a keep-alive. On an unknown id each of them opens a context: the phantoms that clients make by mistake. */
  #onContextMessage(message: ClientMessage): void {
    const { text = '', flush, tryTrigger, voiceSettings, contextId = DEFAULT_CONTEXT_ID } = message;
    const known = this.#contexts.get(contextId);
    if (known && voiceSettings !== undefined && voiceSettings !== known.voiceSettings) {
      return this.#fail(socketFailure('invalid_voice_settings', 'voice_settings must be provided in the first message of a context.'));
    }
    if (!known && this.#contexts.size + this.#zombies.size >= MAX_CONTEXTS) {
      return this.#fail(socketFailure('max_active_conversations', `At most ${MAX_CONTEXTS} contexts can be active.`));
    }
    const unpaid = text.trim() === '' ? undefined : this.access.onGenerate();
    if (unpaid) return this.#fail(unpaid);
    const { context } = known ?? this.#open(contextId, message);
    if (text !== '' || flush) context.add(text, { flush, tryTrigger });
  }

  #open(id: string, { voiceSettings, schedule }: ClientMessage): OpenContext {
    const context = new VoiceContext({
      endpoint: 'multi-stream-input',
      id,
      settings: this.settings,
      schedule,
      link: this.link,
      deps: this.deps,
    });
    const opened = { context, voiceSettings };
    this.#contexts.set(id, opened);
    this.#running.add(context);
    context.done.then(
      () => this.#running.delete(context),
      () => this.#fail(socketFailure('internal_error', 'Speech generation failed.', 1011)),
    );
    return opened;
  }

  /** What is being spoken goes on; the id is free for another context at once, its place a little later. */
  #closeContext({ contextId = DEFAULT_CONTEXT_ID, closeContext }: ClientMessage): void {
    const known = this.#contexts.get(contextId);
    if (!known || closeContext !== true) return;
    this.#contexts.delete(contextId);
    const zombie = setTimeout(() => this.#zombies.delete(zombie), this.deps.limits.elevenLabsContextReleaseMs);
    this.#zombies.add(zombie);
    known.context.close();
  }

  async #closeSocket(): Promise<void> {
    this.#ended = true;
    this.#idle.stop();
    for (const { context } of this.#contexts.values()) context.close();
    await Promise.allSettled([...this.#running].map(({ done }) => done));
    this.link.close(1000);
  }

  #fail(failure: SocketFailure): void {
    this.#ended = true;
    this.#idle.stop();
    this.link.fail(failure);
  }
}
