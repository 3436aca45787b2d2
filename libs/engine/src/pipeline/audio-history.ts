/**
 * The last few seconds of microphone audio, so that an utterance can begin before the voice was noticed. Audio that is held is kept for
 * longer, so that an utterance that was ended too early can be transcribed again from its start.
 */
export class AudioHistory {
  private ring: Int16Array;
  private totalSamples = 0;
  /** The first sample that is held. Undefined if nothing is held. */
  private heldFrom: number | undefined;

  constructor(
    private readonly sampleRateHz: number,
    private readonly capacityMs: number,
    private readonly heldCapacityMs = capacityMs,
  ) {
    this.ring = new Int16Array(this.samplesIn(capacityMs));
  }

  /** The audio clock: the milliseconds of audio that were pushed since the conversation began. */
  get audioMs(): number {
    return (this.totalSamples * 1000) / this.sampleRateHz;
  }

  /** Holds the audio from `fromAudioMs` (audio clock) on, up to the maximum length, instead of what was held before. */
  hold(fromAudioMs: number): void {
    this.heldFrom = this.samplesIn(Math.max(0, fromAudioMs));
  }

  push(pcm: Int16Array): void {
    this.fit(pcm.length);
    const { length } = this.ring;
    const kept = pcm.length > length ? pcm.subarray(pcm.length - length) : pcm;
    this.write(kept, this.totalSamples + pcm.length - kept.length);
    this.totalSamples += pcm.length;
  }

  /** A copy of the audio from `fromAudioMs` (audio clock) to now, as far back as it is kept. */
  since(fromAudioMs: number): Int16Array {
    return this.last(this.totalSamples - this.samplesIn(Math.max(0, fromAudioMs)));
  }

  private last(wanted: number): Int16Array {
    const length = Math.max(0, Math.min(wanted, this.totalSamples, this.ring.length));
    const out = new Int16Array(length);
    const start = (this.totalSamples - length) % this.ring.length;
    const head = Math.min(length, this.ring.length - start);
    out.set(this.ring.subarray(start, start + head), 0);
    out.set(this.ring.subarray(0, length - head), head);
    return out;
  }

  /** Makes the ring longer before held audio would be overwritten, and short again when nothing is held any more. */
  private fit(more: number): void {
    const capacity = this.samplesIn(this.capacityMs);
    const heldCapacity = this.samplesIn(this.heldCapacityMs);
    const held = this.totalSamples + more - (this.heldFrom ?? this.totalSamples);
    if (held > heldCapacity) this.heldFrom = undefined;
    const wanted = this.heldFrom === undefined ? capacity : held > capacity ? heldCapacity : this.ring.length;
    if (wanted === this.ring.length) return;
    const kept = this.last(wanted);
    this.ring = new Int16Array(wanted);
    this.write(kept, this.totalSamples - kept.length);
  }

  private write(pcm: Int16Array, firstSample: number): void {
    const { ring } = this;
    const start = firstSample % ring.length;
    const head = Math.min(pcm.length, ring.length - start);
    ring.set(pcm.subarray(0, head), start);
    ring.set(pcm.subarray(head), 0);
  }

  private samplesIn(durationMs: number): number {
    return Math.round((durationMs * this.sampleRateHz) / 1000);
  }
}
