import type { ProviderInfo } from '../ports/provider-info';
import type { TextToSpeech, TtsOptions, TtsSession, Voice } from '../ports/text-to-speech';
import { type FailoverOptions, infoOf } from './failover-options';
import { FailoverTtsSession } from './failover-tts-session';

/**
 * A voice made of several: speech that breaks off is gone on with from where it broke off, by the same one once more and then by the next.
 * Only the first one's connection is opened ahead. Speech that all of them failed throws the first one's error. Sessions are closed by
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

  /** As the first one, whom every reply is asked of. */
  speaks(language: string): boolean {
    return this.options.providers[0].port.speaks?.(language) ?? true;
  }

  /** Those of the first one. */
  voices(signal: AbortSignal): Promise<Voice[]> {
    return this.options.providers[0].port.voices(signal);
  }

  async prepare(): Promise<void> {
    await Promise.all(this.options.providers.map(({ port }) => port.prepare()));
  }
}
