import type { ProviderInfo } from '../ports/provider-info';
import type { SpeechToText, SttOptions, SttSession } from '../ports/speech-to-text';
import { type FailoverOptions, infoOf } from './failover-options';
import { FailoverSttSession } from './failover-stt-session';

/**
 * A recogniser that consists of several. An utterance that fails is recognised again from its first sample, first by the same recogniser
 * and then by the next. Only the connection of the first one is opened in advance. If all of them fail, the error of the first one is
 * thrown. Sessions are closed by whoever opened them.
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
