import { dbToPower } from './pcm';
import { VoicedEnd } from './voiced-end';

const WINDOW_MS = 32;

/** Windows in which the model hears speech, one after the other: the levels of four blocks each, in dBFS. */
class Talk {
  readonly end = new VoicedEnd();
  private atMs: number;

  constructor(
    private readonly floorDbfs: number,
    startMs = 0,
  ) {
    this.atMs = startMs;
  }

  window(activity: 'speech' | 'not near', ...blocksDbfs: [number, number, number, number]): number {
    this.end.follow(
      Float64Array.from(blocksDbfs, dbToPower),
      activity === 'speech',
      this.atMs,
      this.atMs + WINDOW_MS,
      activity === 'speech' ? this.floorDbfs : 0,
    );
    this.atMs += WINDOW_MS;
    return this.end.endMs;
  }

  pause(windows: number): void {
    this.atMs += windows * WINDOW_MS;
  }
}

describe('VoicedEnd', () => {
  it('is 0 before any speech, even if there is distant speech', () => {
    const talk = new Talk(-70);
    expect(talk.window('not near', -20, -20, -20, -20)).toBe(0);
    expect(talk.window('not near', -90, -90, -90, -90)).toBe(0);
  });

  it('ends with the block after the last voiced one', () => {
    const talk = new Talk(-70);
    expect(talk.window('speech', -20, -20, -20, -20)).toBe(32);
    expect(talk.window('speech', -30, -59, -61, -61)).toBe(32 + 24);
    expect(talk.window('speech', -61, -61, -61, -61)).toBe(32 + 24);
  });

  it('searches the next window too, if the model still detects speech there', () => {
    const talk = new Talk(-70);
    expect(talk.window('speech', -20, -20, -20, -20)).toBe(32);
    expect(talk.window('not near', -70, -70, -70, -70)).toBe(40);
    talk.pause(1);
    expect(talk.window('not near', -70, -70, -70, -70)).toBe(40);
  });

  it('measures the range from the loudest block of the speech so far', () => {
    const talk = new Talk(-100);
    talk.window('speech', -50, -50, -50, -85);
    expect(talk.end.endMs).toBe(32);
    talk.window('speech', -20, -85, -85, -85);
    expect(talk.end.endMs).toBe(48);
    talk.pause(11);
    // A new stretch, quiet again.
    talk.window('speech', -50, -50, -85, -92);
    expect(talk.end.endMs).toBe(13 * 32 + 32);
  });

  it('requires a block well above the background from before the speech', () => {
    const talk = new Talk(-65);
    talk.window('speech', -20, -20, -20, -70);
    expect(talk.window('speech', -58, -60, -60, -60)).toBe(32 + 16);
  });

  it('continues while the gate mistakes long speech for the background', () => {
    const talk = new Talk(-70);
    talk.window('speech', -20, -20, -20, -20);
    for (let i = 0; i < 10; i++) talk.window('not near', -25, -25, -25, -25);
    expect(talk.end.endMs).toBe(11 * 32);
    // For 320 ms, no longer.
    talk.window('not near', -25, -25, -25, -25);
    expect(talk.window('not near', -25, -25, -25, -25)).toBe(11 * 32 + 32);
  });

  it('uses the model alone, minus one window, where the background hides the end', () => {
    const talk = new Talk(-40, 320);
    expect(talk.window('speech', -25, -25, -25, -25)).toBe(352);
    expect(talk.window('not near', -40, -40, -40, -40)).toBe(360);
    expect(talk.window('not near', -40, -40, -40, -40)).toBe(384);
    expect(talk.window('not near', -40, -40, -40, -40)).toBe(416);
  });

  it('starts again after a reset', () => {
    const talk = new Talk(-70, 1000);
    talk.window('speech', -20, -20, -20, -20);
    talk.end.reset();
    expect(talk.end.endMs).toBe(0);
    expect(talk.window('not near', -20, -20, -20, -20)).toBe(0);
  });
});
