import { parseWav, PcmResampler } from '@parley/audio';
import { INPUT_SAMPLE_RATE_HZ } from '@parley/protocol';
import { type DecodedAudio, EMPTY, invalid, MAX_DURATION_MS, TOO_LONG } from './decoded-audio';

/** Beyond these a header is a mistake; it must not decide how much memory resampling takes. */
const MIN_WAV_RATE_HZ = 4_000;
const MAX_WAV_RATE_HZ = 192_000;

/** WAV chunks of one client, each with a header of its own: chunks of one rate are one stream, so that nothing is heard where they join. */
export class WavStream {
  private current: { rateHz: number; resampler: PcmResampler } | undefined;

  decode(bytes: Uint8Array): DecodedAudio {
    const wav = parseWav(bytes);
    if (!wav.ok) return invalid('The audio is no WAV file with 16-bit PCM.');
    const { pcm, sampleRateHz } = wav;
    if (sampleRateHz < MIN_WAV_RATE_HZ || sampleRateHz > MAX_WAV_RATE_HZ) return invalid('The audio has no usable sample rate.');
    if (pcm.length === 0) return EMPTY;
    const durationMs = (pcm.length * 1000) / sampleRateHz;
    if (durationMs > MAX_DURATION_MS) return TOO_LONG;
    return { ok: true, durationMs, costMs: durationMs, deliver: (take) => take(this.resampled(pcm, sampleRateHz)) };
  }

  private resampled(pcm: Int16Array, rateHz: number): Int16Array {
    if (this.current?.rateHz === rateHz) return this.current.resampler.process(pcm).slice();
    // The end of the stream before, which was waiting for what comes after it.
    const rest = this.current?.resampler.flush().slice() ?? new Int16Array(0);
    const resampler = new PcmResampler({ fromRateHz: rateHz, toRateHz: INPUT_SAMPLE_RATE_HZ });
    this.current = { rateHz, resampler };
    return joined(rest, resampler.process(pcm));
  }
}

function joined(first: Int16Array, second: Int16Array): Int16Array {
  const all = new Int16Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}
