import { parseWav } from '@parley/audio';
import { parseFile } from 'music-metadata';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { RATE, voice } from '../testing/sounds';
import { withFolder } from '../testing/temporary-folder';
import { Mp3File } from './mp3-file';
import { writeSoundFiles } from './sound-file';
import { WavFile, wavHeader } from './wav-file';

/** The smallest PNG, of one pixel. */
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

const TAG = { title: 'Über Flüsse & „Meere“ 🐟', durationMs: 2000 };

async function* blocks(pcm: Int16Array, length = 4800): AsyncGenerator<Int16Array> {
  for (let at = 0; at < pcm.length; at += length) yield await Promise.resolve(pcm.subarray(at, at + length));
}

describe('WavFile', () => {
  it('holds what was written, with the right sizes', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'a.wav');
      const pcm = voice(0.5);
      const sizes = await writeSoundFiles(blocks(pcm), [await WavFile.create(path, { sampleRateHz: RATE })]);
      const bytes = await readFile(path);
      expect(sizes).toEqual([44 + 2 * pcm.length]);
      expect(bytes.readUInt32LE(4)).toBe(bytes.length - 8);
      expect(bytes.readUInt32LE(40)).toBe(bytes.length - 44);
      expect(parseWav(bytes)).toEqual({ ok: true, pcm, sampleRateHz: RATE });
      expect((await parseFile(path)).format).toMatchObject({ container: 'WAVE', duration: 0.5, sampleRate: RATE, numberOfChannels: 1 });
    }));

  it('says sizes up to 4 GiB, and refuses more before anything is written', () =>
    withFolder(async (folder) => {
      const most = 2_147_483_629;
      expect(Buffer.from(wavHeader(most, RATE)).readUInt32LE(4)).toBe(2 * most + 36);
      await expect(WavFile.create(join(folder, 'a.wav'), { sampleRateHz: RATE, samples: most + 1 })).rejects.toThrow(
        'a WAV file cannot be larger than 4 GiB; MP3 can hold this much',
      );
      expect(await readdir(folder)).toEqual([]);
    }));
});

describe('Mp3File', () => {
  it('is read by another program: duration, tags, cover and chapters', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'a.mp3');
      const tag = {
        ...TAG,
        artist: 'Anna & Björn',
        album: 'Das Gespräch',
        publishedAt: new Date('2026-11-30T23:30:00Z'),
        cover: PNG,
        chapters: [
          { title: 'Anfang', startMs: 0 },
          { title: 'Schluß\n"—"', startMs: 1200.4 },
        ],
      };
      const [size] = await writeSoundFiles(blocks(voice(2)), [await Mp3File.create(path, { sampleRateHz: RATE, tag })]);
      expect(size).toBe((await stat(path)).size);
      const { format, common, native } = await parseFile(path, { duration: true, includeChapters: true });
      expect(format).toMatchObject({
        codec: 'MPEG 2 Layer 3',
        codecProfile: 'CBR',
        bitrate: 64_000,
        sampleRate: RATE,
        numberOfChannels: 1,
      });
      expect(Math.abs((format.duration ?? 0) - 2)).toBeLessThan(0.1);
      expect(common).toMatchObject({ title: tag.title, artist: 'Anna & Björn', album: 'Das Gespräch', year: 2026 });
      expect(native['ID3v2.3']).toContainEqual({ id: 'TDAT', value: '3011' });
      expect(common.picture?.map(({ format: type, type: kind, data }) => [type, kind, Buffer.from(data)])).toEqual([
        ['image/png', 'Cover (front)', PNG],
      ]);
      expect(format.chapters).toMatchObject([
        { title: 'Anfang', start: 0, end: 1.2 },
        { title: 'Schluß "—"', start: 1.2, end: 2 },
      ]);
    }));

  it.each([
    [16_000, undefined, 64_000],
    [44_100, undefined, 96_000],
    [48_000, 128 as const, 128_000],
  ])('writes %i Hz at a bitrate that fits, or the one asked for', (sampleRateHz, bitrateKbps, bitrate) =>
    withFolder(async (folder) => {
      const path = join(folder, 'a.mp3');
      const file = await Mp3File.create(path, { sampleRateHz, bitrateKbps, tag: TAG });
      await writeSoundFiles(blocks(voice(1)), [file]);
      expect((await parseFile(path, { duration: true })).format).toMatchObject({ sampleRate: sampleRateHz, bitrate });
    }),
  );

  it('holds more chapters than a table of contents has room for', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'a.mp3');
      const chapters = Array.from({ length: 600 }, (_, i) => ({ title: `Chapter ${i + 1}`, startMs: 3 * i }));
      await writeSoundFiles(blocks(voice(2)), [await Mp3File.create(path, { sampleRateHz: RATE, tag: { ...TAG, chapters } })]);
      const { format, native } = await parseFile(path, { includeChapters: true });
      // This reader knows the first table only.
      expect(format.chapters).toHaveLength(254);
      const ids = native['ID3v2.3'].map(({ id }) => id);
      expect(ids.filter((id) => id === 'CHAP')).toHaveLength(600);
      expect(ids.filter((id) => id === 'CTOC')).toHaveLength(3);
    }));

  it('refuses what an MP3 file cannot be, before it writes anything', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'a.mp3');
      await expect(Mp3File.create(path, { sampleRateHz: 20_000, tag: TAG })).rejects.toThrow('MP3 has no sample rate of 20000 Hz');
      const tag = { ...TAG, cover: Buffer.from('<svg/>') };
      await expect(Mp3File.create(path, { sampleRateHz: RATE, tag })).rejects.toThrow('the cover is neither JPEG nor PNG');
      expect(await readdir(folder)).toEqual([]);
    }));
});

describe('writeSoundFiles', () => {
  it('gives no file its name when the sound cannot be read to its end', () =>
    withFolder(async (folder) => {
      async function* broken(): AsyncGenerator<Int16Array> {
        yield* blocks(voice(0.2));
        throw new Error('segment 3 is gone');
      }
      const wav = await WavFile.create(join(folder, 'a.wav'), { sampleRateHz: RATE });
      const mp3 = await Mp3File.create(join(folder, 'a.mp3'), { sampleRateHz: RATE, tag: TAG });
      await expect(writeSoundFiles(broken(), [wav, mp3])).rejects.toThrow('segment 3 is gone');
      expect(await readdir(folder)).toEqual([]);
    }));
});
