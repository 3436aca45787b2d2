import type { ProviderInfo } from '../ports/provider-info';
import type { TextToSpeech, TtsOptions, TtsSession, Voice } from '../ports/text-to-speech';
import { type FailoverOptions, infoOf } from './failover-options';
import { FailoverTtsSession } from './failover-tts-session';

/**
 * A voice that consists of several. Speech that breaks off is continued from that point, first by the same voice and then by the next. Only
 * the connection of the first one is opened in advance. If all of them fail, the error of the first one is thrown. Sessions are closed by
 * whoever opened them.
 */
export class FailoverTextToSpeech implements TextToSpeech {
  readonly info: ProviderInfo;

  constructor(private readonly options: FailoverOptions<TextToSpeech>) {
    this.info = infoOf(options);
  }

  open(options: TtsOptions, signal: AbortSignal): TtsSession {
    return new FailoverTtsSession(this.options, options, signal);
  }

  /** Answers for the first voice, which is asked first for every reply. */
  speaks(language: string): boolean {
    return this.options.providers[0].port.speaks?.(language) ?? true;
  }

  /** Returns the voices of the first provider. */
  voices(signal: AbortSignal): Promise<Voice[]> {
    return this.options.providers[0].port.voices(signal);
  }

  async prepare(): Promise<void> {
    await Promise.all(this.options.providers.map(({ port }) => port.prepare()));
  }
}
