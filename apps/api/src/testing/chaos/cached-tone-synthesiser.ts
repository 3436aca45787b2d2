import { resamplePcm16 } from '@parley/audio';
import { OUTPUT_SAMPLE_RATE_HZ } from '@parley/protocol';
import { type SynthesisedSpeech, type Synthesiser, ToneSynthesiser } from '@parley/simulator';

/** The tones of the simulator at the server's sample rate. They are cached, because hundreds of turns speak the same sentences. */
export class CachedToneSynthesiser implements Synthesiser {
  readonly ready = Promise.resolve();
  private readonly tones = new ToneSynthesiser();
  private readonly made = new Map<string, Promise<SynthesisedSpeech>>();

  speak(text: string, voice: string, signal: AbortSignal): Promise<SynthesisedSpeech> {
    if (signal.aborted) return Promise.reject(signal.reason);
    const known = this.made.get(text) ?? this.make(text, voice);
    this.made.set(text, known);
    return known;
  }

  close(): Promise<void> {
    return this.tones.close();
  }

  private async make(text: string, voice: string): Promise<SynthesisedSpeech> {
    const { pcm, sampleRateHz, words } = await this.tones.speak(text, voice, new AbortController().signal);
    return { pcm: resamplePcm16(pcm, sampleRateHz, OUTPUT_SAMPLE_RATE_HZ), sampleRateHz: OUTPUT_SAMPLE_RATE_HZ, words };
  }
}
