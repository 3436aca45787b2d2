import { LastVoiced } from './last-voiced';

/** Records one level per 20 ms frame, starting at `startMs`. */
const note = (voiced: LastVoiced, levelDbfs: number, frames: number, startMs: number): number => {
  for (let frame = 0; frame < frames; frame++) voiced.note(levelDbfs, startMs + frame * 20);
  return startMs + frames * 20;
};

describe('LastVoiced', () => {
  it('reports nothing while it is quiet', () => {
    const voiced = new LastVoiced();
    note(voiced, -80, 100, 0);
    expect(voiced.take()).toBeUndefined();
  });

  it('reports the last voiced frame before the silence exactly once', () => {
    const voiced = new LastVoiced();
    const speechMs = note(voiced, -70, 50, 0);
    const silenceMs = note(voiced, -25, 50, speechMs);
    note(voiced, -70, 50, silenceMs);
    expect(voiced.take()).toBe(silenceMs - 20);
    expect(voiced.take()).toBeUndefined();
  });

  it('adapts to a noisy room', () => {
    const voiced = new LastVoiced();
    const speechMs = note(voiced, -48, 3_000, 0);
    voiced.take();
    const silenceMs = note(voiced, -20, 10, speechMs);
    note(voiced, -48, 50, silenceMs);
    expect(voiced.take()).toBe(silenceMs - 20);
  });
});
