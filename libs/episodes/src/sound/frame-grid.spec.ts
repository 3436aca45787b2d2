import fc from 'fast-check';
import { FrameGrid } from './frame-grid';

const RATE = 24_000;
const FRAME = 576;

describe('FrameGrid', () => {
  it('has what follows a pause begin with a frame, and changes the pause by half a frame at most', () => {
    const part = fc.record({ samples: fc.integer({ min: 0, max: 100_000 }), pauseMs: fc.constantFrom(0, 1, 50, 99, 100, 150, 350, 1500) });
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const grid = new FrameGrid(RATE, FRAME);
        let at = 0;
        for (const { samples, pauseMs } of parts) {
          const pause = grid.pauseBehind(samples, pauseMs);
          at += samples + pause.samples;
          expect(pause.endsPart).toBe(pauseMs >= 100);
          if (pause.endsPart) expect(at % FRAME).toBe(0);
          expect(Math.abs(pause.samples - (pauseMs * RATE) / 1000)).toBeLessThanOrEqual(pause.endsPart ? FRAME / 2 : 0);
        }
      }),
    );
  });
});
