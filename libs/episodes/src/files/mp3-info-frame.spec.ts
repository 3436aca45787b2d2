import { parseFile } from 'music-metadata';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { voice } from '../testing/sounds';
import { withFolder } from '../testing/temporary-folder';
import { crc16 } from './crc16';
import { Mp3File } from './mp3-file';

const PCM = voice(2);

interface Info {
  readonly frames: number;
  readonly bytes: number;
  readonly delay: number;
  readonly added: number;
  readonly streamCrc: number;
  /** From the frame of the tag on. */
  readonly stream: Buffer;
}

async function write(path: string, pcm: Int16Array, sampleRateHz: number): Promise<Info> {
  const file = await Mp3File.create(path, { sampleRateHz, tag: { title: 'a', durationMs: 0 } });
  for (let at = 0; at < pcm.length; at += 1000) await file.write(pcm.subarray(at, at + 1000));
  await file.commit();
  const all = await readFile(path);
  const tag = all.indexOf('Info');
  const start = tag - (sampleRateHz < 32_000 ? 13 : 21);
  expect(all.readUInt16BE(tag + 16 + 34)).toBe(crc16(all.subarray(start, tag + 16 + 34)));
  const delays = all.readUIntBE(tag + 16 + 21, 3);
  return {
    frames: all.readUInt32BE(tag + 8),
    bytes: all.readUInt32BE(tag + 12),
    delay: delays >> 12,
    added: delays & 0xfff,
    streamCrc: all.readUInt16BE(tag + 16 + 32),
    stream: all.subarray(start),
  };
}

describe('infoFrame', () => {
  it.each([
    [16_000, 576],
    [22_050, 576],
    [24_000, 576],
    [44_100, 1152],
    [48_000, 1152],
  ])('says at %i Hz what of the decoded sound is the episode, to the sample', (sampleRateHz, samplesPerFrame) =>
    withFolder(async (folder) => {
      const path = join(folder, 'a.mp3');
      for (const samples of [1, 5000, 30_011]) {
        const info = await write(path, PCM.subarray(0, samples), sampleRateHz);
        expect(info.frames * samplesPerFrame - info.delay - info.added).toBe(samples);
        // Enough for the delay that decoders add.
        expect(info.added).toBeGreaterThanOrEqual(529);
        expect(info.bytes).toBe(info.stream.length);
      }
    }),
  );

  it('is a frame of the same kind as the others, with their check', () =>
    withFolder(async (folder) => {
      const { stream, streamCrc } = await write(join(folder, 'a.mp3'), PCM, 24_000);
      const length = 192;
      expect(stream.subarray(0, 4)).toEqual(stream.subarray(length, length + 4));
      expect(streamCrc).toBe(crc16(stream.subarray(length)));
    }));

  it('is understood by another program', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'a.mp3');
      await write(path, PCM, 24_000);
      const { format } = await parseFile(path);
      expect(format).toMatchObject({ codecProfile: 'CBR', tool: 'LAME 3.100' });
      expect(Math.abs((format.duration ?? 0) - 2)).toBeLessThan(0.08);
    }));
});
