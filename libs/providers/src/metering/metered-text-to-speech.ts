import type { ProviderInfo } from '../ports/provider-info';
import type { SpeechChunk, TextToSpeech, TtsOptions, TtsSession, Voice } from '../ports/text-to-speech';
import type { UsageMeter } from '../ports/usage-meter';
import { refusedStream } from './refused-stream';

/**
 * A voice whose characters are counted by the meter of the session. It belongs around the adapter of each vendor, below the failover, so
 * that what is spoken again counts again. The text that reaches the limit is still spoken. What comes after it in the same reply is left
 * out, so that the speech ends with a whole sentence and without an error.
 */
export class MeteredTextToSpeech implements TextToSpeech {
  constructor(private readonly voice: TextToSpeech) {}

  get info(): ProviderInfo {
    return this.voice.info;
  }

  open({ meter, ...options }: TtsOptions, signal: AbortSignal): TtsSession {
    const session = this.voice.open(options, signal);
    return meter ? new MeteredSession(session, meter, this.info.name) : session;
  }

  speaks(language: string): boolean {
    return this.voice.speaks?.(language) ?? true;
  }

  voices(signal: AbortSignal): Promise<Voice[]> {
    return this.voice.voices(signal);
  }

  prepare(): Promise<void> {
    return this.voice.prepare();
  }
}

class MeteredSession implements TtsSession {
  constructor(
    private readonly session: TtsSession,
    private readonly meter: UsageMeter,
    private readonly provider: string,
  ) {}

  speak(text: AsyncIterable<string>, signal: AbortSignal): AsyncIterable<SpeechChunk> {
    if (!signal.aborted && !this.meter.allows('voice_characters')) return refusedStream(this.provider);
    return this.session.speak(counted(text, this.meter), signal);
  }

  close(): Promise<void> {
    return this.session.close();
  }
}

async function* counted(text: AsyncIterable<string>, meter: UsageMeter): AsyncGenerator<string, void> {
  // The first text was allowed when the speech began.
  let isAllowed = true;
  let isLeft = true;
  for await (const piece of text) {
    isAllowed &&= isLeft || meter.allows('voice_characters');
    if (!isAllowed) continue;
    isLeft = meter.spend('voice_characters', piece.length);
    yield piece;
  }
}
