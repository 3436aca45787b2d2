import fc from 'fast-check';
import { PlaybackQueue } from './playback-queue';

const BLOCK_SAMPLES = 128;

describe.each([
  [24_000, 48_000],
  [24_000, 44_100],
  [16_000, 48_000],
])('PlaybackQueue, from %d Hz to %d Hz', (sourceRateHz, contextRateHz) => {
  const TONE_HZ = 120;
  const AMPLITUDE = 0.5;
  // The tone's own step, with some room for what the conversion adds where the tone is cut off, and those of fade, duck and standstill.
  const toneStep = (1.2 * AMPLITUDE * 2 * Math.PI * TONE_HZ) / contextRateHz;
  const fadeStep = 1.2 * AMPLITUDE * 1000 * (1 / 5 + 0.9 / 15 + 1 / 10) * (1 / contextRateHz);

  type Step = { readonly kind: 'send' | 'play' | 'last' | 'flush' | 'next' | 'duck' | 'pause' | 'reset'; readonly durationMs: number };
  const step: fc.Arbitrary<Step> = fc.record({
    kind: fc.constantFrom('send', 'send', 'send', 'play', 'play', 'play', 'last', 'flush', 'next', 'duck', 'pause', 'reset'),
    durationMs: fc.integer({ min: 5, max: 150 }),
  });

  it('produces no hard edge, whatever arrives and whatever commands are given', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const queue = new PlaybackQueue({ sourceRateHz, contextRateHz, startMs: 60, onEvent: () => undefined });
        const block = new Float32Array(BLOCK_SAMPLES);
        let [turn, at, before, largest] = [1, 0, 0, 0];
        const play = (durationMs: number): void => {
          for (let samples = 0; samples < (durationMs * contextRateHz) / 1000; samples += BLOCK_SAMPLES) {
            queue.render(block);
            for (const sample of block) {
              largest = Math.max(largest, Math.abs(sample - before));
              before = sample;
            }
          }
        };
        const send = (durationMs: number, last: boolean): void => {
          // A cosine: the turn begins at its loudest.
          const pcm = Int16Array.from({ length: Math.round((durationMs * sourceRateHz) / 1000) }, (_, i) =>
            Math.round(32_767 * AMPLITUDE * Math.cos((2 * Math.PI * TONE_HZ * (at + i)) / sourceRateHz)),
          );
          at += pcm.length;
          queue.receive({ type: 'audio', turn, pcm: new Uint8Array(pcm.buffer), last });
        };
        for (const { kind, durationMs } of steps) {
          if (kind === 'send') send(durationMs, false);
          else if (kind === 'last') send(durationMs, true);
          else if (kind === 'play') play(durationMs);
          else if (kind === 'flush') queue.receive({ type: 'flush', turn });
          else if (kind === 'next') [turn, at] = [turn + 1, 0];
          else if (kind === 'reset') {
            queue.receive({ type: 'reset' });
            [turn, at] = [1, 0];
          } else queue.receive({ type: kind, turn, active: durationMs % 2 === 0 });
        }
        queue.receive({ type: 'pause', turn, active: false });
        play(500);
        expect(largest).toBeLessThanOrEqual(toneStep + fadeStep);
      }),
      { numRuns: 25, seed: 20_261_120 },
    );
  });
});
