import { randomUUID } from 'node:crypto';
import { AudioFiles } from '../audio-files';
import { measure } from '../sound';
import { RATE, voice } from '../testing/sounds';
import { withFolder } from '../testing/temporary-folder';
import { readSegmentSound, segmentPcm, writeSegmentSound } from './segment-audio';

const KEY = 'a'.repeat(64);

describe('the file of a segment', () => {
  const [episodeId, segmentId] = [randomUUID(), randomUUID()];

  it('gives back the audio in blocks, and what was measured of it', () =>
    withFolder(async (folder) => {
      const files = await AudioFiles.open(folder);
      const pcm = voice(3.3);
      const measurement = await measure(pcm, RATE);
      await writeSegmentSound(files, episodeId, segmentId, pcm, { measurement, key: KEY });
      expect(await readSegmentSound(files, episodeId, segmentId)).toEqual({ measurement, key: KEY });
      const blocks: Int16Array[] = [];
      for await (const block of segmentPcm(files, episodeId, segmentId, pcm.length)) blocks.push(block);
      expect(Int16Array.from(blocks.flatMap((block) => [...block]))).toEqual(pcm);
      expect(Math.max(...blocks.map(({ length }) => length))).toBeLessThanOrEqual(RATE / 2);
    }));

  it.each<[string, Uint8Array]>([
    ['empty', new Uint8Array(0)],
    ['too short', new Uint8Array(3)],
    ['of another kind', new Uint8Array(1_000).fill(65)],
    ['with a length that leads out of it', new Uint8Array(100).fill(255)],
    ['with a trailer that does not fit', Buffer.concat([Buffer.from('{"samples":9,"energies":9}'), Buffer.from([26, 0, 0, 0])])],
  ])('is not read when it is %s', (_, content) =>
    withFolder(async (folder) => {
      const files = await AudioFiles.open(folder);
      expect(await readSegmentSound(files, episodeId, segmentId)).toBeUndefined();
      await files.write(episodeId, { type: 'segment', segmentId }, [content]);
      expect(await readSegmentSound(files, episodeId, segmentId)).toBeUndefined();
    }),
  );
});
