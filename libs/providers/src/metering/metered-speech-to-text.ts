import type { ProviderInfo } from '../ports/provider-info';
import type { SpeechToText, SttOptions, SttSession, SttUtterance } from '../ports/speech-to-text';
import type { UsageMeter } from '../ports/usage-meter';
import { MeteredUtterance } from './metered-utterance';
import { refusedStream } from './refused-stream';

/**
 * A recogniser whose audio is counted by the meter of the session. It belongs around the adapter of each vendor, below the failover, so that
 * audio that is recognised again counts again.
 */
export class MeteredSpeechToText implements SpeechToText {
  constructor(private readonly recogniser: SpeechToText) {}

  get info(): ProviderInfo {
    return this.recogniser.info;
  }

  open({ meter, ...options }: SttOptions, signal: AbortSignal): SttSession {
    const session = this.recogniser.open(options, signal);
    return meter ? new MeteredSession(session, meter, this.info.name) : session;
  }
}

class MeteredSession implements SttSession {
  constructor(
    private readonly session: SttSession,
    private readonly meter: UsageMeter,
    private readonly provider: string,
  ) {}

  utterance(signal: AbortSignal): SttUtterance {
    if (!signal.aborted && !this.meter.allows('recognition_ms')) return refusedUtterance(this.provider);
    return new MeteredUtterance(this.session.utterance(signal), this.meter, signal);
  }

  close(): Promise<void> {
    return this.session.close();
  }
}

const refusedUtterance = (provider: string): SttUtterance => ({
  push: () => undefined,
  end: () => undefined,
  transcripts: refusedStream(provider),
});
