import { Inject } from '@nestjs/common';
import type { Connection } from '@parley/engine';
import type { SpeechToText, SttSession, SttUtterance } from '@parley/providers';
import { CONNECTION, ConnectionScoped } from '../connection/connection-scoped';
import { SPEECH_TO_TEXT } from './speech-to-text.token';

/** Speech recognition of one connection. */
@ConnectionScoped()
export class SttStream {
  private session: SttSession | undefined;

  constructor(
    @Inject(CONNECTION) private readonly connection: Connection,
    @Inject(SPEECH_TO_TEXT) private readonly speechToText: SpeechToText,
  ) {}

  /** Connects to the vendor in the background. Aborting `signal` releases everything. */
  open(signal: AbortSignal): void {
    const { language } = this.connection.options;
    this.session = this.speechToText.open(language === undefined ? {} : { language }, signal);
  }

  /** One utterance. Only after `open`. */
  utterance(signal: AbortSignal): SttUtterance {
    const { session } = this;
    if (session === undefined) throw new Error('speech recognition is not open');
    return session.utterance(signal);
  }
}
