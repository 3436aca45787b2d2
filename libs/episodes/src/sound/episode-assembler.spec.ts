import fc from 'fast-check';
import { joined, largestStep, RATE, silence, voice } from '../testing/sounds';
import { EpisodeAssembler, type EpisodeSegment } from './episode-assembler';
import { measure } from './measure';
import { prepareSegment } from './prepare-segment';

interface Counted extends EpisodeSegment {
  readonly pcm: Int16Array;
  reads: number;
}

function segment(pcm: Int16Array, pauseAfterMs = 0, blockLength = 5000): Counted {
  const counted: Counted = {
    pcm,
    reads: 0,
    pauseAfterMs,
    measurement: measure(pcm, RATE),
    *read() {
      counted.reads++;
      for (let at = 0; at < pcm.length; at += blockLength) yield pcm.subarray(at, at + blockLength);
    },
  };
  return counted;
}

const prepared = (pcm: Int16Array, pauseAfterMs = 0): Counted => segment(prepareSegment({ pcm, sampleRateHz: RATE }).pcm, pauseAfterMs);

async function heard(assembler: EpisodeAssembler): Promise<Int16Array> {
  const parts: Int16Array[] = [];
  for await (const pcm of assembler.audio()) parts.push(pcm);
  return joined(...parts);
}

describe('EpisodeAssembler', () => {
  it('makes voices of any level an episode of -16 LUFS below -1.5 dBTP, and says so', async () => {
    const voices = [0.03, 0.9, 0.2, 0.4].map((amplitude, i) => voice(1 + i / 2, { amplitude, pitchHz: 110 + 40 * i }));
    const assembler = new EpisodeAssembler(
      voices.map((pcm) => prepared(pcm, 400)),
      { sampleRateHz: RATE },
    );
    const episode = measure(await heard(assembler), RATE);
    expect(Math.abs(episode.loudnessLufs + 16)).toBeLessThanOrEqual(0.5);
    expect(episode.truePeakDbtp).toBeLessThanOrEqual(-1.5);
    const { loudnessLufs, truePeakDbtp } = assembler.sound();
    expect(loudnessLufs).toBe(episode.loudnessLufs);
    expect(truePeakDbtp).toBe(episode.truePeakDbtp);
  });

  it('brings segments that were not prepared to that loudness too, where the limiter has much to do', async () => {
    const pcm = voice(3, { amplitude: 0.02 });
    for (let i = 2000; i < pcm.length; i += 9000) for (let k = 0; k < 24; k++) pcm[i + k] = 26_000 * Math.sin((Math.PI * k) / 12);
    const assembler = new EpisodeAssembler([segment(pcm, 500)], { sampleRateHz: RATE });
    const episode = measure(await heard(assembler), RATE);
    expect(Math.abs(episode.loudnessLufs + 16)).toBeLessThanOrEqual(0.5);
    expect(episode.truePeakDbtp).toBeLessThanOrEqual(-1.5);
  });

  it('knows before it reads where every segment will be, to the sample', async () => {
    const segments = [segment(voice(0.7), 250), segment(voice(0.31), 0), segment(voice(0.5), 100)];
    const assembler = new EpisodeAssembler(segments, { sampleRateHz: RATE });
    expect(assembler.places()).toEqual([
      { startMs: 0, durationMs: 700 },
      { startMs: 950, durationMs: 310 },
      { startMs: 1260, durationMs: 500 },
    ]);
    expect(assembler.durationMs).toBe(1860);
    const pcm = await heard(assembler);
    expect(pcm).toHaveLength(assembler.samples);
    const factor = 10 ** (assembler.sound().gainDb / 20);
    const second = pcm.subarray(0.95 * RATE, 1.26 * RATE);
    const differences = second.map((sample, i) => Math.abs(sample - Math.round(segments[1].pcm[i] * factor)));
    expect(Math.max(...differences)).toBeLessThanOrEqual(1);
  });

  it('plays digital silence in the pauses', async () => {
    const pcm = await heard(new EpisodeAssembler([prepared(voice(1), 300), prepared(voice(1), 200)], { sampleRateHz: RATE }));
    expect(pcm.subarray(-0.2 * RATE).every((sample) => sample === 0)).toBe(true);
  });

  it('has no step at a joint larger than those of the voices', async () => {
    const part = fc.record({
      from: fc.integer({ min: 0, max: 5000 }),
      length: fc.integer({ min: 300, max: 9000 }),
      pitchHz: fc.integer({ min: 80, max: 300 }),
      pauseMs: fc.constantFrom(0, 0, 1, 30, 400),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(part, { minLength: 2, maxLength: 4 }), async (parts) => {
        const segments = parts.map(({ from, length, pitchHz, pauseMs }) =>
          prepared(voice(0.6, { pitchHz }).subarray(from, from + length), pauseMs),
        );
        const assembler = new EpisodeAssembler(segments, { sampleRateHz: RATE });
        const pcm = await heard(assembler);
        const inside = Math.max(...segments.map((each) => largestStep(each.pcm))) * 10 ** (assembler.sound().gainDb / 20);
        expect(largestStep(pcm)).toBeLessThanOrEqual(Math.ceil(inside) + 1);
      }),
      { numRuns: 12 },
    );
  });

  it('reads one segment at a time, once, and only as far as it is asked to', async () => {
    const segments = Array.from({ length: 5 }, () => prepared(voice(1), 100));
    const reading = new EpisodeAssembler(segments, { sampleRateHz: RATE }).audio();
    await reading.next();
    expect(segments.map(({ reads }) => reads)).toEqual([1, 0, 0, 0, 0]);
    for (let next = await reading.next(); !next.done; next = await reading.next());
    expect(segments.map(({ reads }) => reads)).toEqual([1, 1, 1, 1, 1]);
  });

  it('gives out small blocks, however large those of the segments are', async () => {
    const assembler = new EpisodeAssembler([segment(voice(4), 3000, 1e6)], { sampleRateHz: RATE });
    for await (const pcm of assembler.audio()) expect(pcm.length).toBeLessThanOrEqual(RATE / 2);
  });

  it('reads asynchronous sources', async () => {
    const pcm = voice(0.4);
    const source: EpisodeSegment = {
      measurement: measure(pcm, RATE),
      async *read() {
        yield await Promise.resolve(pcm);
      },
    };
    expect(await heard(new EpisodeAssembler([source], { sampleRateHz: RATE }))).toHaveLength(pcm.length);
  });

  it('is silent where the segments are, and empty without any', async () => {
    const silent = new EpisodeAssembler([segment(silence(1))], { sampleRateHz: RATE });
    expect((await heard(silent)).every((sample) => sample === 0)).toBe(true);
    expect(silent.sound()).toEqual({ loudnessLufs: -70, truePeakDbtp: -100, gainDb: 0 });
    expect(await heard(new EpisodeAssembler([], { sampleRateHz: RATE }))).toHaveLength(0);
  });

  it('refuses a segment that is not what was measured', async () => {
    const broken = { ...segment(voice(0.5)), read: () => [voice(0.4)] };
    const assembler = new EpisodeAssembler([segment(voice(0.2)), broken], { sampleRateHz: RATE });
    await expect(heard(assembler)).rejects.toThrow('segment 2 has 9600 samples, but 12000 were measured');
    expect(() => assembler.sound()).toThrow('the episode has not been read to its end');
  });

  it('refuses another sample rate, and a pause that is no duration', () => {
    const other = { ...segment(voice(0.2)), measurement: measure(voice(0.2), 16_000) };
    expect(() => new EpisodeAssembler([other], { sampleRateHz: RATE })).toThrow('segment 1 has 16000 Hz, the episode 24000 Hz');
    expect(() => new EpisodeAssembler([segment(voice(0.2), -1)], { sampleRateHz: RATE })).toThrow('the pause behind segment 1 is -1 ms');
  });

  it('stops when it is aborted', async () => {
    const abort = new AbortController();
    const reading = new EpisodeAssembler([segment(voice(3))], { sampleRateHz: RATE }).audio(abort.signal);
    await reading.next();
    abort.abort(new Error('enough'));
    await expect(reading.next()).rejects.toThrow('enough');
  });
});
