import { parseWav } from '@parley/audio';
import { parseFile } from 'music-metadata';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Chapter, chaptersJson, EpisodeAssembler, measure, Mp3File, prepareSegment, WavFile, writeSoundFiles } from './index';
import { evenTimes, joined, RATE, silence, voice } from './testing/sounds';
import { withFolder } from './testing/temporary-folder';

describe('a whole episode', () => {
  it('comes out of spoken lines as files of the same length, loudness and chapters', () =>
    withFolder(async (folder) => {
      const lines = [voice(1.5, { amplitude: 0.08 }), voice(2, { amplitude: 0.6, pitchHz: 220 }), voice(1, { amplitude: 0.25 })];
      const segments = await Promise.all(
        lines.map(async (line, i) => {
          const pcm = joined(silence(0.25), line, silence(0.7));
          const spoken = { pcm, sampleRateHz: RATE, alignment: evenTimes('A line.', 250, 250 + (line.length * 1000) / RATE) };
          const { pcm: prepared, measurement } = await prepareSegment(spoken);
          return { measurement, pauseAfterMs: i === 1 ? 600 : 300, read: () => [prepared] };
        }),
      );
      const assembler = new EpisodeAssembler(segments, { sampleRateHz: RATE });
      const places = assembler.places();
      const chapters: Chapter[] = [
        { title: 'First', startMs: places[0].startMs },
        { title: 'Second', startMs: places[2].startMs },
      ];
      const { durationMs, samples } = assembler;
      const tag = { title: 'An episode', durationMs, chapters };
      const wavPath = join(folder, 'a.wav');
      const mp3Path = join(folder, 'a.mp3');
      await writeSoundFiles(assembler.audio(), [
        await WavFile.create(wavPath, { sampleRateHz: RATE, samples }),
        await Mp3File.create(mp3Path, { sampleRateHz: RATE, tag }),
      ]);
      const wav = parseWav(await readFile(wavPath));
      if (!wav.ok) throw new Error(wav.error);
      expect(wav.pcm).toHaveLength(samples);
      const { loudnessLufs, truePeakDbtp } = await measure(wav.pcm, RATE);
      expect(Math.abs(loudnessLufs + 16)).toBeLessThanOrEqual(0.5);
      expect(truePeakDbtp).toBeLessThanOrEqual(-1.5);
      expect(assembler.sound()).toMatchObject({ loudnessLufs, truePeakDbtp });
      const { format } = await parseFile(mp3Path, { duration: true, includeChapters: true });
      expect(Math.abs((format.duration ?? 0) * 1000 - durationMs)).toBeLessThan(100);
      const { chapters: listed } = JSON.parse(chaptersJson({ title: 'An episode', chapters, durationMs })) as {
        chapters: { title: string; startTime: number; endTime: number }[];
      };
      expect(format.chapters?.map(({ title, start, end }) => ({ title, startTime: start, endTime: end }))).toEqual(
        listed.map(({ title, startTime, endTime }) => ({ title, startTime, endTime })),
      );
    }));
});
