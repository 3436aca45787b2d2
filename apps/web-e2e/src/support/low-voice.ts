import { type SynthesisedSpeech, type Synthesiser, ToneSynthesiser } from '@parley/simulator';

const TONE_HZ = 110;
const AMPLITUDE = 16_000;

/** Speaks in one low and loud tone: its own steps from sample to sample are far smaller than a hard edge. */
export class LowVoice implements Synthesiser {
  private readonly words = new ToneSynthesiser();
  readonly ready = Promise.resolve();

  async speak(text: string, voice: string, signal: AbortSignal): Promise<SynthesisedSpeech> {
    const speech = await this.words.speak(text, voice, signal);
    const step = (2 * Math.PI * TONE_HZ) / speech.sampleRateHz;
    // A quarter of a swing on: it begins at its loudest.
    return { ...speech, pcm: speech.pcm.map((_sample, i) => Math.round(AMPLITUDE * Math.cos(step * i))) };
  }

  close(): Promise<void> {
    return this.words.close();
  }
}
