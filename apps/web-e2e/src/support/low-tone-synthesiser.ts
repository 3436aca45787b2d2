import { type SynthesisedSpeech, type Synthesiser, ToneSynthesiser } from '@parley/simulator';

const TONE_HZ = 110;
const AMPLITUDE = 16_000;

/** Fade-in and fade-out of each piece of speech, in ms, so that there is no edge between two pieces. */
const SWELL_MS = 20;

/** Speaks in one low, loud tone, whose steps from sample to sample are far smaller than a hard edge. */
export class LowToneSynthesiser implements Synthesiser {
  private readonly words = new ToneSynthesiser();
  readonly ready = Promise.resolve();

  async speak(text: string, voice: string, signal: AbortSignal): Promise<SynthesisedSpeech> {
    const speech = await this.words.speak(text, voice, signal);
    const step = (2 * Math.PI * TONE_HZ) / speech.sampleRateHz;
    const swell = (SWELL_MS * speech.sampleRateHz) / 1000;
    const volume = (i: number): number => Math.min(1, i / swell, (speech.pcm.length - 1 - i) / swell);
    return { ...speech, pcm: speech.pcm.map((_sample, i) => Math.round(AMPLITUDE * volume(i) * Math.sin(step * i))) };
  }

  close(): Promise<void> {
    return this.words.close();
  }
}
