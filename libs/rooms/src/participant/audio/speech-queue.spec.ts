import * as fc from 'fast-check';
import { DUCKED_GAIN, SPEECH_FRAME_SAMPLES, SpeechQueue } from './speech-queue';

const pieces = fc.array(
  fc.record({ turn: fc.integer({ min: 1, max: 3 }), samples: fc.integer({ min: 0, max: 2_000 }), last: fc.boolean() }),
  {
    maxLength: 12,
  },
);

const drain = (queue: SpeechQueue) => {
  const frames = [];
  for (let frame = queue.shift(); frame !== undefined; frame = queue.shift()) frames.push(frame);
  return frames;
};

describe('the queue of speech', () => {
  it('hands every sample on once, in order, in frames of one turn each that are never longer than 20 ms', () => {
    fc.assert(
      fc.property(pieces, (list) => {
        const queue = new SpeechQueue();
        let next = 0;
        const given: string[] = [];
        for (const { turn, samples, last } of list) {
          const pcm = Int16Array.from({ length: samples }, () => (next++ % 30_000) + 1);
          given.push(...Array.from(pcm, (sample) => `${turn}:${sample}`));
          queue.push(turn, pcm, last);
        }
        const frames = drain(queue);
        const handedOn = frames.flatMap(({ turn, pcm }) => Array.from(pcm, (sample) => `${turn}:${sample}`));
        expect(handedOn.join()).toBe(given.join());
        expect(frames.every(({ pcm }) => pcm.length <= SPEECH_FRAME_SAMPLES)).toBe(true);
        expect(frames.filter(({ last }) => last)).toHaveLength(list.filter(({ last }) => last).length);
      }),
      { numRuns: 50 },
    );
  });

  it('marks the last frame of a turn, also when there is no sound in it', () => {
    const queue = new SpeechQueue();
    queue.push(1, new Int16Array(SPEECH_FRAME_SAMPLES).fill(1), false);
    queue.push(1, new Int16Array(0), true);
    expect(drain(queue).map(({ pcm, last }) => [pcm.length, last])).toEqual([[SPEECH_FRAME_SAMPLES, true]]);
    queue.push(1, new Int16Array(0), true);
    expect(drain(queue)).toEqual([{ turn: 1, pcm: new Int16Array(0), last: true }]);
  });

  it('drops one turn and keeps the others', () => {
    const queue = new SpeechQueue();
    queue.push(1, Int16Array.of(1), false);
    queue.push(2, Int16Array.of(2), false);
    queue.clear(1);
    expect(drain(queue).map(({ turn }) => turn)).toEqual([2]);
    queue.push(3, Int16Array.of(3), true);
    queue.clear();
    expect(queue.isEmpty).toBe(true);
  });

  it('lowers the volume and restores it without a jump', () => {
    const queue = new SpeechQueue();
    const constant = () => queue.push(1, new Int16Array(4 * SPEECH_FRAME_SAMPLES).fill(10_000), false);
    constant();
    queue.duck(true);
    const lowered = drain(queue).flatMap(({ pcm }) => [...pcm]);
    constant();
    queue.duck(false);
    const restored = drain(queue).flatMap(({ pcm }) => [...pcm]);
    expect(lowered.at(-1)).toBe(10_000 * DUCKED_GAIN);
    expect(restored.at(-1)).toBe(10_000);
    const steps = [...lowered, ...restored].map((sample, index, all) => Math.abs(sample - (all[index - 1] ?? sample)));
    expect(Math.max(...steps)).toBeLessThan(20);
  });

  it('does not change the speech that it was given', () => {
    const queue = new SpeechQueue();
    const pcm = Int16Array.of(100, 100);
    queue.duck(true);
    queue.push(1, pcm, true);
    drain(queue);
    expect([...pcm]).toEqual([100, 100]);
  });
});
