import type { ElevenLabsFault } from '../../faults/fault';
import { IdleTimer } from '../../server/idle-timer';
import type { SocketLink, SocketSession } from '../../server/socket-link';
import { ContextSlots } from '../context-slots';
import { socketFailure } from '../elevenlabs-errors';
import type { SocketAccess } from '../socket-access';
import { SpeechSocketInput } from '../speech-socket-input';
import type { ElevenLabsDeps } from '../vendor-deps';
import { DialogueContext } from './dialogue-context';
import { type DialogueMessage, parseDialogueMessage } from './dialogue-message';
import type { DialogueSettings } from './dialogue-settings';

interface OpenContext {
  context: DialogueContext;
  idle: IdleTimer;
}

/** One connection to the dialogue `multi-stream-input`. Every context has a time-out of its own, which ends the whole socket. */
export class MultiDialogueSession implements SocketSession {
  readonly #intake: SpeechSocketInput<DialogueMessage>;
  readonly #contexts = new Map<string, OpenContext>();
  readonly #running = new Set<DialogueContext>();
  readonly #slots: ContextSlots;

  constructor(
    private readonly link: SocketLink<ElevenLabsFault>,
    private readonly settings: DialogueSettings,
    access: SocketAccess,
    private readonly deps: ElevenLabsDeps,
  ) {
    this.#intake = new SpeechSocketInput(link, access, parseDialogueMessage, undefined);
    this.#slots = new ContextSlots(deps.limits.elevenLabsContextReleaseMs);
  }

  onBinary(): void {
    this.#intake.refuseBinary();
  }

  onGone(): void {
    this.#end();
    this.#slots.clear();
    for (const context of this.#running) context.abandon();
  }

  onText(text: string): void {
    const message = this.#intake.read(text);
    if (!message) return;
    if (message.contextId !== undefined) this.#onContextMessage(message.contextId, message);
    else if (!message.closeSocket) {
      this.#intake.fail(socketFailure('invalid_input_message', 'context_id is required.', 1008, 'context_id'));
    }
    if (message.closeSocket) void this.#closeSocket();
  }

  #onContextMessage(id: string, message: DialogueMessage): void {
    const known = this.#contexts.get(id);
    // A context that was closed already is closed again by clients that cannot know it.
    if (!known && message.closeContext && message.voices === undefined) return;
    const problem = known ? known.context.problemOf(message) : this.#slots.problemWith(this.#contexts.size);
    if (problem) return this.#intake.fail(problem);
    const opened = known ?? this.#open(id, message);
    if (!opened || !this.#intake.isPaid(message.inputs.map(({ text }) => text).join(''))) return;
    const wrong = opened.context.add(message);
    if (wrong) return this.#intake.fail(wrong);
    opened.idle.restart();
    if (message.closeContext) this.#closeContext(id, opened);
  }

  #open(id: string, message: DialogueMessage): OpenContext | undefined {
    const { settings, link, deps } = this;
    const context = DialogueContext.open({ endpoint: 'dialogue-multi-stream-input', id, settings, link, deps }, message);
    if (!(context instanceof DialogueContext)) return void this.#intake.fail(context);
    const opened = { context, idle: new IdleTimer(deps.limits.elevenLabsInactivityMs, () => this.#intake.timeOut()) };
    this.#contexts.set(id, opened);
    this.#running.add(context);
    context.done.then(
      () => this.#running.delete(context),
      () => this.#intake.speechFailed(),
    );
    return opened;
  }

  /** The id is free at once, but the context counts towards the limit for a little longer. */
  #closeContext(id: string, { context, idle }: OpenContext): void {
    this.#contexts.delete(id);
    this.#slots.release();
    idle.stop();
    context.close();
  }

  async #closeSocket(): Promise<void> {
    this.#end();
    for (const { context } of this.#contexts.values()) context.close({ flush: true });
    await Promise.allSettled([...this.#running].map(({ done }) => done));
    this.link.close(1000);
  }

  #end(): void {
    this.#intake.end();
    for (const { idle } of this.#contexts.values()) idle.stop();
  }
}
