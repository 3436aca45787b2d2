import { joinPcm, parseWav, PcmResampler } from '@parley/audio';
import { FRAME_MS, INPUT_SAMPLE_RATE_HZ } from '@parley/protocol';
import { type AudioRefusal, type DecodedAudio, EMPTY, invalid, MAX_DURATION_MS, TOO_LONG } from './decoded-audio';

/** The usual sample rates of recordings. Any other rate would need a filter of its own, whose design takes a tenth of a second. */
const RATES_HZ: ReadonlySet<number> = new Set([
  8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000, 176_400, 192_000,
]);
/** The cost of a new stream, which needs a new resampler when the sample rate changes. A microphone does not change its rate. */
const NEW_RATE_COST_MS = 250;

const OTHER_RATE: AudioRefusal = {
  ok: false,
  code: 'unsupported_format',
  message: `Of WAV files this server takes those of ${[...RATES_HZ].map((rateHz) => rateHz / 1_000).join(', ')} kHz.`,
};

/** WAV chunks of one client, each with its own header. Chunks of the same rate form one stream, so that no seam is heard between them. */
export class WavStream {
  private current: { rateHz: number; resampler: PcmResampler } | undefined;

  decode(bytes: Uint8Array): DecodedAudio {
    const wav = parseWav(bytes);
    if (!wav.ok) return invalid('The audio is no WAV file with 16-bit PCM.');
    const { pcm, sampleRateHz } = wav;
    if (!RATES_HZ.has(sampleRateHz)) return OTHER_RATE;
    if (pcm.length === 0) return EMPTY;
    const durationMs = (pcm.length * 1000) / sampleRateHz;
    if (durationMs > MAX_DURATION_MS) return TOO_LONG;
    const costMs = Math.max(durationMs, FRAME_MS) + (this.current?.rateHz === sampleRateHz ? 0 : NEW_RATE_COST_MS);
    return { ok: true, durationMs, costMs, deliver: (take) => take(this.resampled(pcm, sampleRateHz)) };
  }

  private resampled(pcm: Int16Array, rateHz: number): Int16Array {
    if (this.current?.rateHz === rateHz) return this.current.resampler.process(pcm).slice();
    // The end of the previous stream, which the filter held back until more samples arrive.
    const rest = this.current?.resampler.flush().slice() ?? new Int16Array(0);
    const resampler = new PcmResampler({ fromRateHz: rateHz, toRateHz: INPUT_SAMPLE_RATE_HZ });
    this.current = { rateHz, resampler };
    return joinPcm([rest, resampler.process(pcm)]);
  }
}
