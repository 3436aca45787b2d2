import type { ElevenLabsFault } from '../../faults/fault';
import type { SocketLink, SocketSession } from '../../server/socket-link';
import type { SocketAccess } from '../socket-access';
import { SpeechSocketInput } from '../speech-socket-input';
import type { ElevenLabsDeps } from '../vendor-deps';
import { DialogueContext } from './dialogue-context';
import { type DialogueMessage, parseDialogueMessage } from './dialogue-message';
import type { DialogueSettings } from './dialogue-settings';

/** One connection to the dialogue `stream-input`: one dialogue, until the client closes it. */
export class SingleDialogueSession implements SocketSession {
  readonly #intake: SpeechSocketInput<DialogueMessage>;
  #context: DialogueContext | undefined;

  constructor(
    private readonly link: SocketLink<ElevenLabsFault>,
    private readonly settings: DialogueSettings,
    access: SocketAccess,
    private readonly deps: ElevenLabsDeps,
  ) {
    this.#intake = new SpeechSocketInput(link, access, parseDialogueMessage, deps.limits.elevenLabsInactivityMs);
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
    const problem = this.#context?.problemOf(message);
    if (problem) return this.#intake.fail(problem);
    const context = this.#context ?? this.#open(message);
    if (!context || !this.#intake.isPaid(message.inputs.map(({ text: said }) => said).join(''))) return;
    const wrong = context.add(message);
    if (wrong) return this.#intake.fail(wrong);
    if (!message.closeSocket) return;
    this.#intake.end();
    context.close({ flush: true });
  }

  #open(message: DialogueMessage): DialogueContext | undefined {
    const { settings, link, deps } = this;
    const context = DialogueContext.open({ endpoint: 'dialogue-stream-input', id: undefined, settings, link, deps }, message);
    if (!(context instanceof DialogueContext)) return void this.#intake.fail(context);
    this.#context = context;
    context.done.then(
      () => this.link.close(1000),
      () => this.#intake.speechFailed(),
    );
    return context;
  }
}
