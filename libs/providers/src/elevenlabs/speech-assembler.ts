import { PcmResampler } from '@parley/audio';
import { SampleAssembler } from '../pcm/sample-assembler';
import type { CharacterAlignment, SpeechChunk } from '../ports/text-to-speech';

const BYTES_PER_SAMPLE = 2;
const ROUNDING_MS = 20;

/**
 * Makes the chunks of one `speak` call from the frames of the vendor, with whole samples at the requested rate and with alignment relative
 * to the start of the call.
 */
export class SpeechAssembler {
  readonly #samples = new SampleAssembler();
  readonly #resampler: PcmResampler | undefined;
  #samplesIn = 0;
  #alignment: CharacterAlignment | undefined;

  constructor(
    private readonly vendorRateHz: number,
    private readonly wantedRateHz: number,
  ) {
    if (vendorRateHz !== wantedRateHz) this.#resampler = new PcmResampler({ fromRateHz: vendorRateHz, toRateHz: wantedRateHz });
  }

  /** Audio received so far, in milliseconds. */
  get receivedMs(): number {
    return (this.#samplesIn / this.vendorRateHz) * 1000;
  }

  /** Returns the length in milliseconds of a chunk that was made here. */
  durationMs({ pcm }: SpeechChunk): number {
    return (pcm.length / this.wantedRateHz) * 1000;
  }

  /** Returns the chunk that the bytes make, with all alignment that had no audio yet, or undefined while there is no whole sample. */
  push(bytes: Uint8Array, alignment?: CharacterAlignment): SpeechChunk | undefined {
    const { receivedMs } = this;
    if (alignment) {
      const frameMs = (bytes.length / BYTES_PER_SAMPLE / this.vendorRateHz) * 1000;
      this.#alignment = append(this.#alignment, alignment, isAbsolute(alignment, receivedMs, frameMs) ? 0 : receivedMs);
    }
    const samples = this.#samples.push(bytes);
    this.#samplesIn += samples.length;
    return this.#chunk(this.#resampler ? this.#resampler.process(samples).slice() : samples);
  }

  /** Returns the audio that the resampler still holds. */
  flush(): SpeechChunk | undefined {
    return this.#resampler ? this.#chunk(this.#resampler.flush().slice()) : undefined;
  }

  #chunk(pcm: Int16Array): SpeechChunk | undefined {
    if (pcm.length === 0) return undefined;
    const alignment = this.#alignment;
    this.#alignment = undefined;
    return alignment ? { pcm, alignment } : { pcm };
  }
}

/**
 * Whether the times of an alignment are relative to the start of the call. Usually they are relative to their frame; but if the first
 * character would begin after the end of the frame, and the time lies within the frame when counted from the start of the call, they are
 * relative to the call.
 */
function isAbsolute({ startMs: [firstMs = 0] }: CharacterAlignment, receivedMs: number, frameMs: number): boolean {
  const lies = firstMs >= receivedMs - ROUNDING_MS && firstMs <= receivedMs + frameMs + ROUNDING_MS;
  return receivedMs > 0 && firstMs >= frameMs && lies;
}

function append(
  before: CharacterAlignment | undefined,
  { chars, startMs, durationMs }: CharacterAlignment,
  offsetMs: number,
): CharacterAlignment {
  return {
    chars: [...(before?.chars ?? []), ...chars],
    startMs: [...(before?.startMs ?? []), ...startMs.map((ms) => ms + offsetMs)],
    durationMs: [...(before?.durationMs ?? []), ...durationMs],
  };
}
