import { LoudnessTimeline, SILENCE_DBFS } from '@parley/audio';
import { Mp3File, type Mp3FileOptions, type SoundFile, WavFile } from '../files';
import { EpisodeAssembler, SILENCE_LUFS } from '../sound';
import { EPISODE_MP3, type EncodedPart, type PartEncoder } from './part-encoder';
import { EPISODE_SAMPLE_RATE_HZ } from './segment-speaker';

/** Puts the frames of the parts one behind the other. Resolves with the size of the file in bytes. */
export async function writeJoinedMp3(
  path: string,
  encoder: PartEncoder,
  parts: readonly EncodedPart[],
  tag: Mp3FileOptions['tag'],
  signal: AbortSignal,
): Promise<number> {
  const file = await Mp3File.create(path, { ...EPISODE_MP3, tag });
  return await committed(file, async () => {
    for (const [i, part] of parts.entries()) {
      for await (const frames of encoder.frames(part, i === parts.length - 1, signal)) await file.append(frames, 0);
      await file.append(new Uint8Array(0), part.measurement.samples);
    }
  });
}

/** Writes the same sound as it was before it was encoded. Resolves with the size of the file in bytes. */
export async function writeJoinedWav(path: string, parts: readonly EncodedPart[], samples: number, signal: AbortSignal): Promise<number> {
  const file = await WavFile.create(path, { sampleRateHz: EPISODE_SAMPLE_RATE_HZ, samples });
  return await committed(file, async () => {
    for (const { part, gainDb } of parts) {
      const assembler = new EpisodeAssembler(part.segments, { sampleRateHz: EPISODE_SAMPLE_RATE_HZ, gainDb });
      for await (const pcm of assembler.unmeasured(signal)) await file.write(pcm);
    }
  });
}

/** Loudness and peak of the whole, from what was measured of each part when it was encoded. Between parts is silence. */
export function soundOf(parts: readonly EncodedPart[]): { loudnessLufs: number; truePeakDbtp: number } {
  const ms = (samples: number): number => (samples * 1_000) / EPISODE_SAMPLE_RATE_HZ;
  const timeline = new LoudnessTimeline(ms(parts.reduce((sum, { measurement }) => sum + measurement.samples, 0)));
  let at = 0;
  let truePeakDbtp = SILENCE_DBFS;
  for (const { measurement } of parts) {
    timeline.add({ energies: measurement.energies, startMs: ms(at), gainDb: 0 });
    at += measurement.samples;
    truePeakDbtp = Math.max(truePeakDbtp, measurement.truePeakDbtp);
  }
  return { loudnessLufs: Math.max(SILENCE_LUFS, timeline.integratedLufs()), truePeakDbtp };
}

async function committed(file: SoundFile, write: () => Promise<void>): Promise<number> {
  try {
    await write();
    return await file.commit();
  } catch (error) {
    await file.discard();
    throw error;
  }
}
