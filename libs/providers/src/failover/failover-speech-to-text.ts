import type { ProviderInfo } from '../ports/provider-info';
import type { SpeechToText, SttOptions, SttSession } from '../ports/speech-to-text';
import { type FailoverOptions, infoOf } from './failover-options';
import { FailoverSttSession } from './failover-stt-session';

/**
 * A recogniser made of several: an utterance that fails is heard again, from its first sample, by the same one once more and then by the
 * next. Only the first one's connection is opened ahead. An utterance that all of them failed throws the first one's error. Sessions are
 * closed by whoever opened them.
 */
export class FailoverSpeechToText implements SpeechToText {
  readonly info: ProviderInfo;

  constructor(private readonly options: FailoverOptions<SpeechToText>) {
    this.info = infoOf(options);
  }

  open(options: SttOptions, signal: AbortSignal): SttSession {
    return new FailoverSttSession(this.options, (port, ending) => port.open(options, ending), signal);
  }
}
