import { parseWav } from '@parley/audio';
import { randomUUID } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AudioFiles } from '../audio-files';
import { EpisodeAssembler, measure, prepareSegment } from '../sound';
import { RATE, voice } from '../testing/sounds';
import { withFolder } from '../testing/temporary-folder';
import { type EpisodePart, episodeFrameGrid } from './episode-parts';
import { soundOf, writeJoinedMp3, writeJoinedWav } from './joined-files';
import { type EncodedPart, PartEncoder } from './part-encoder';

const FRAME_BYTES = 192;
const FRAME_SAMPLES = 576;
const never = new AbortController().signal;
const tag = { title: 'Parts', durationMs: 0 };

/** Parts of one voice each; `pausesMs` follow them. */
async function partsWith(seconds: readonly number[], pausesMs: readonly number[]): Promise<EpisodePart[]> {
  const episodeId = randomUUID();
  const grid = episodeFrameGrid();
  return await Promise.all(
    seconds.map(async (length, i) => {
      const { pcm, measurement } = await prepareSegment({ pcm: voice(length, { pitchHz: 110 + 30 * i }), sampleRateHz: RATE });
      const { samples } = grid.pauseBehind(pcm.length, pausesMs[i] ?? 0);
      const pauseAfterMs = (samples * 1_000) / RATE;
      return { episodeId, segmentId: randomUUID(), segments: [{ measurement, pauseAfterMs, read: () => [pcm] }] };
    }),
  );
}

/** How far back the audio data of each frame reaches into the frames before it, in bytes (ISO 13818-3: the first 8 bits behind the header). */
const reachesBack = (frames: Buffer): number[] =>
  Array.from({ length: frames.length / FRAME_BYTES }, (_, i) => frames[i * FRAME_BYTES + 4]);

describe('PartEncoder', () => {
  const encodeAll = async (encoder: PartEncoder, parts: readonly EpisodePart[], gainDb = 0): Promise<EncodedPart[]> => {
    const encoded: EncodedPart[] = [];
    for (const part of parts) encoded.push(await encoder.encode(part, gainDb, never));
    return encoded;
  };

  it('makes parts of which an episode is put together: as many frames as samples need, none of which uses bits of another part', () =>
    withFolder(async (folder) => {
      const encoder = new PartEncoder(await AudioFiles.open(folder));
      const encoded = await encodeAll(encoder, await partsWith([1.3, 0.4, 2.1], [400, 100]));
      const path = join(folder, 'a.mp3');
      const bytes = await writeJoinedMp3(path, encoder, encoded, tag, never);
      const file = await readFile(path);
      expect(file.length).toBe(bytes);
      const infoAt = file.indexOf('Info') - 13;
      const frames = file.subarray(infoAt + FRAME_BYTES);
      const samples = encoded.reduce((sum, { measurement }) => sum + measurement.samples, 0);
      const delays = file.readUIntBE(infoAt + 13 + 16 + 21, 3);
      expect(file.readUInt32BE(infoAt + 13 + 8) * FRAME_SAMPLES - (delays >> 12) - (delays & 0xfff)).toBe(samples);
      expect((delays & 0xfff) - 529).toBeGreaterThanOrEqual(0);
      const back = reachesBack(frames);
      let at = 0;
      for (const { measurement } of encoded) {
        for (let frame = 0; frame < Math.ceil(measurement.samples / FRAME_SAMPLES); frame++) {
          expect(frames.readUInt16BE((at + frame) * FRAME_BYTES) >> 4).toBe(0xfff);
          expect(back[at + frame]).toBeLessThanOrEqual(frame * FRAME_BYTES);
        }
        at += measurement.samples / FRAME_SAMPLES;
      }
      expect(Math.max(...back)).toBeGreaterThan(0);
    }));

  it('writes the same sound as WAV, and knows its loudness and peak', () =>
    withFolder(async (folder) => {
      const encoder = new PartEncoder(await AudioFiles.open(folder));
      const parts = await partsWith([1.3, 0.4, 2.1], [400, 100]);
      const segments = parts.flatMap((part) => part.segments);
      const whole = new EpisodeAssembler(segments, { sampleRateHz: RATE });
      const gainDb = await whole.findGain();
      const encoded = await encodeAll(encoder, parts, gainDb);
      const path = join(folder, 'a.wav');
      await writeJoinedWav(path, encoded, whole.samples, never);
      const wav = parseWav(await readFile(path));
      if (!wav.ok) throw new Error(wav.error);
      expect(wav.pcm).toHaveLength(whole.samples);
      const measured = await measure(wav.pcm, RATE);
      const sound = soundOf(encoded);
      expect(Math.abs(sound.loudnessLufs - measured.loudnessLufs)).toBeLessThan(0.1);
      expect(sound.truePeakDbtp).toBeCloseTo(measured.truePeakDbtp, 3);
      expect(Math.abs(sound.loudnessLufs + 16)).toBeLessThanOrEqual(0.4);
      expect(sound.truePeakDbtp).toBeLessThanOrEqual(-1.5);
    }));

  it('keeps what is nearly as loud as it should be, and encodes what is not, or is another sound', () =>
    withFolder(async (folder) => {
      const files = await AudioFiles.open(folder);
      const [part] = await partsWith([0.5], []);
      const path = join(folder, part.episodeId, `segment-${part.segmentId}.mp3`);
      const inode = async (): Promise<number> => (await stat(path)).ino;
      const first = await new PartEncoder(files).encode(part, 1, never);
      const before = await inode();
      expect(await new PartEncoder(files).encode(part, 1.2, never)).toEqual(first);
      expect(await inode()).toBe(before);
      expect(await new PartEncoder(files).encode(part, -1, never)).toMatchObject({ gainDb: -1 });
      const louder = await inode();
      expect(louder).not.toBe(before);
      const [other] = await partsWith([0.6], []);
      const changed = { ...part, segments: other.segments };
      expect((await new PartEncoder(files).encode(changed, -1, never)).measurement.samples).toBe(other.segments[0].measurement.samples);
      expect(await inode()).not.toBe(louder);
    }));

  it('encodes the same bytes whether or not it has encoded something before, one part at a time', () =>
    withFolder(async (folder) => {
      const files = await AudioFiles.open(folder);
      const parts = await partsWith([0.7, 0.5, 0.9], [400, 400]);
      const bytesOf = ({ episodeId, segmentId }: EpisodePart): Promise<Buffer> =>
        readFile(join(folder, episodeId, `segment-${segmentId}.mp3`));
      const encoder = new PartEncoder(files);
      await Promise.all(parts.map((part) => encoder.encode(part, 0, never)));
      const together = await Promise.all(parts.map(bytesOf));
      for (const part of parts) {
        await files.delete(part.episodeId, { type: 'frames', segmentId: part.segmentId });
        await new PartEncoder(files).encode(part, 0, never);
      }
      expect(await Promise.all(parts.map(bytesOf))).toEqual(together);
    }));

  it('leaves no file when it is aborted, and encodes the next part', () =>
    withFolder(async (folder) => {
      const files = await AudioFiles.open(folder);
      const [part] = await partsWith([2], []);
      const encoder = new PartEncoder(files);
      await expect(encoder.encode(part, 0, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
      expect(await files.find(part.episodeId, { type: 'frames', segmentId: part.segmentId })).toBeUndefined();
      expect((await encoder.encode(part, 0, never)).bytes).toBeGreaterThan(0);
    }));
});
