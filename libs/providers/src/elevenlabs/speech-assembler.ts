import { PcmResampler } from '@parley/audio';
import { SampleAssembler } from '../pcm/sample-assembler';
import type { CharacterAlignment, SpeechChunk } from '../ports/text-to-speech';

const BYTES_PER_SAMPLE = 2;
const ROUNDING_MS = 20;

/** Makes the chunks of one `speak` call of what the vendor sends: whole samples at the wanted rate, alignment from the start of the call. */
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

  /** Length of a chunk that was made here, in milliseconds. */
  durationMs({ pcm }: SpeechChunk): number {
    return (pcm.length / this.wantedRateHz) * 1000;
  }

  /** The chunk that the bytes make, with all alignment that has no audio yet; undefined while there is no whole sample. */
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

  /** What the resampler still holds. */
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

/** Times count from the start of their frame; but where a frame's first character begins behind the frame, and where the frame lies in the call, from that of the call. */
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
