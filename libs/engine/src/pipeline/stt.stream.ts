import type { ConversationOptions } from '../ports';
import type { SpeechToText, SttSession, SttUtterance, UsageMeter } from '@parley/providers';

/** Speech recognition of one conversation. */
export class SttStream {
  private session: SttSession | undefined;

  constructor(
    private readonly options: ConversationOptions,
    private readonly speechToText: SpeechToText,
    /** Counts the audio of this conversation. */
    private readonly meter?: UsageMeter,
  ) {}

  /** Connects to the provider in the background. Aborting `signal` releases everything. */
  open(signal: AbortSignal): void {
    const { language } = this.options;
    const { meter } = this;
    this.session = this.speechToText.open({ ...(language !== undefined && { language }), ...(meter && { meter }) }, signal);
  }

  /** Begins an utterance. Only after `open`. */
  utterance(signal: AbortSignal): SttUtterance {
    const { session } = this;
    if (session === undefined) throw new Error('speech recognition is not open');
    return session.utterance(signal);
  }
}
