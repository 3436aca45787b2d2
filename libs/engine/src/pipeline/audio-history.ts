/** The last few seconds of what the microphone sent, so that an utterance can begin before it was noticed. */
export class AudioHistory {
  private readonly ring: Int16Array;
  private totalSamples = 0;

  constructor(
    private readonly sampleRateHz: number,
    capacityMs: number,
  ) {
    this.ring = new Int16Array(Math.round((sampleRateHz * capacityMs) / 1000));
  }

  /** The audio clock: milliseconds pushed since the conversation began. */
  get audioMs(): number {
    return (this.totalSamples * 1000) / this.sampleRateHz;
  }

  push(pcm: Int16Array): void {
    const { ring } = this;
    const kept = pcm.length > ring.length ? pcm.subarray(pcm.length - ring.length) : pcm;
    const start = (this.totalSamples + pcm.length - kept.length) % ring.length;
    const head = Math.min(kept.length, ring.length - start);
    ring.set(kept.subarray(0, head), start);
    ring.set(kept.subarray(head), 0);
    this.totalSamples += pcm.length;
  }

  /** A copy of the audio from `fromAudioMs` (audio clock) to now, as far back as it is kept. */
  since(fromAudioMs: number): Int16Array {
    const wanted = this.totalSamples - Math.max(0, Math.round((fromAudioMs * this.sampleRateHz) / 1000));
    const length = Math.max(0, Math.min(wanted, this.totalSamples, this.ring.length));
    const out = new Int16Array(length);
    const start = (this.totalSamples - length) % this.ring.length;
    const head = Math.min(length, this.ring.length - start);
    out.set(this.ring.subarray(start, start + head), 0);
    out.set(this.ring.subarray(0, length - head), head);
    return out;
  }
}
