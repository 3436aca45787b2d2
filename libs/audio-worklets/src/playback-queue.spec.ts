import fc from 'fast-check';
import { type PlaybackEvent } from './messages';
import { PlaybackQueue, type PlaybackQueueOptions } from './playback-queue';

const SOURCE_RATE_HZ = 24_000;
const CONTEXT_RATE_HZ = 48_000;
const BLOCK_SAMPLES = 128;
/** Both ends of a turn are faded: 5 ms. */
const FADE_SAMPLES = 240;

type Told = [type: PlaybackEvent['type'], turn: number, playedMs?: number];

interface SetUp {
  readonly queue: PlaybackQueue;
  /** Everything but levels. */
  readonly told: Told[];
  readonly levels: number[];
  /** PCM of the test tone of a turn: from this millisecond, for that many. */
  readonly send: (turn: number, fromMs: number, durationMs: number, last?: boolean) => void;
  readonly render: (durationMs: number) => number[];
}

function setUp(options: Partial<PlaybackQueueOptions> = {}): SetUp {
  const told: Told[] = [];
  const levels: number[] = [];
  const queue = new PlaybackQueue({
    sourceRateHz: SOURCE_RATE_HZ,
    contextRateHz: CONTEXT_RATE_HZ,
    onEvent: (event) => {
      if (event.type === 'level') levels.push(event.dbfs);
      else if ('turn' in event) told.push('playedMs' in event ? [event.type, event.turn, event.playedMs] : [event.type, event.turn]);
    },
    ...options,
  });
  const send = (turn: number, fromMs: number, durationMs: number, last = false): void => {
    const from = (fromMs * SOURCE_RATE_HZ) / 1000;
    const pcm = Int16Array.from({ length: (durationMs * SOURCE_RATE_HZ) / 1000 }, (_, i) =>
      Math.round(32_768 * toneAt(from + i, SOURCE_RATE_HZ)),
    );
    queue.receive({ type: 'audio', turn, pcm: new Uint8Array(pcm.buffer), last });
  };
  const render = (durationMs: number): number[] => {
    const out: number[] = [];
    const block = new Float32Array(BLOCK_SAMPLES);
    while (out.length < (durationMs * CONTEXT_RATE_HZ) / 1000) {
      queue.render(block);
      out.push(...block);
    }
    return out;
  };
  return { queue, told, levels, send, render };
}

/** 600 Hz at a quarter of full scale: 40 samples a period at 24 kHz. Shifted, so that it never is exactly 0. */
function toneAt(sample: number, rateHz: number): number {
  return 0.25 * Math.sin((2 * Math.PI * 600 * sample) / rateHz + 0.001);
}

/** Where the audio is in what was rendered: everything but exact silence. */
const audible = (out: readonly number[]): number[] => out.filter((sample) => sample !== 0);
const types = (told: readonly Told[]): string[] => told.map(([type, turn]) => `${type} ${turn}`);

describe('PlaybackQueue', () => {
  it('plays a whole turn at the context’s rate, without shifting it', () => {
    const { told, send, render } = setUp();
    for (let at = 0; at < 600; at += 20) send(1, at, 20, at === 580);
    const out = render(700);
    const first = out.findIndex((sample) => sample !== 0);
    const length = 600 * 48;
    const heard = out.slice(first, first + length);
    expect(
      Math.max(
        ...heard.slice(FADE_SAMPLES, -FADE_SAMPLES).map((sample, i) => Math.abs(sample - toneAt(i + FADE_SAMPLES, CONTEXT_RATE_HZ))),
      ),
    ).toBeLessThan(0.001);
    expect(audible(out.slice(first + length))).toEqual([]);
    expect(first).toBeLessThan(3 * BLOCK_SAMPLES);
    expect(types(told)).toEqual(['started 1', 'progress 1', 'progress 1', 'ended 1']);
    expect(told[0]).toEqual(['started', 1, 0]);
    expect(told[3]).toEqual(['ended', 1, 600]);
  });

  it('plays the same however the audio is split', () => {
    const samples = 4800;
    const expected = setUp();
    expected.send(1, 0, 200, true);
    const whole = audible(expected.render(300));
    expect(whole).toHaveLength(2 * samples);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1500 }), { maxLength: 12 }), (lengths) => {
        const { queue, render } = setUp();
        let at = 0;
        for (const length of [...lengths, samples]) {
          const pcm = Int16Array.from({ length: Math.min(length, samples - at) }, (_, i) =>
            Math.round(32_768 * toneAt(at + i, SOURCE_RATE_HZ)),
          );
          at += pcm.length;
          queue.receive({ type: 'audio', turn: 1, pcm: new Uint8Array(pcm.buffer), last: false });
        }
        queue.receive({ type: 'audio', turn: 1, pcm: new Uint8Array(0), last: true });
        expect(audible(render(300))).toEqual(whole);
      }),
      { numRuns: 15, seed: 1 },
    );
  });

  it('starts after 200 ms of audio, or when the turn is complete', () => {
    const { told, send, render } = setUp();
    send(1, 0, 180);
    expect(audible(render(100))).toEqual([]);
    send(1, 180, 60);
    expect(audible(render(100)).length).toBeGreaterThan(4000);
    expect(types(told)).toEqual(['started 1']);
  });

  it('accepts another start threshold', () => {
    const { send, render } = setUp({ startMs: 50 });
    send(1, 0, 60);
    expect(audible(render(20)).length).toBeGreaterThan(500);
  });

  it('reports progress every 250 ms of playback and no more often', () => {
    const { told, send, render } = setUp();
    send(1, 0, 2000, true);
    render(2100);
    const progress = told.filter(([type]) => type === 'progress').map(([, , playedMs]) => playedMs ?? 0);
    expect(progress).toHaveLength(7);
    const gaps = progress.map((playedMs, i) => playedMs - (progress[i - 1] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(250);
    expect(Math.max(...gaps)).toBeLessThan(260);
  });

  it('spreads the conversion of a large chunk over several blocks, and still plays all of it', () => {
    const { told, send, render } = setUp();
    send(1, 0, 5000, true);
    expect(audible(render(8)).length).toBeGreaterThan(0);
    render(5100);
    expect(told.at(-1)).toEqual(['ended', 1, 5000]);
    expect(types(told)).not.toContain('underrun 1');
  });

  it('drops the audio of a flushed turn that is playing, queued or arriving later', () => {
    const { queue, told, send, render } = setUp();
    send(1, 0, 1000);
    render(300);
    queue.receive({ type: 'flush', turn: 1 });
    const [type, turn, playedMs = 0] = told.at(-1) ?? ['ended', 0];
    expect([type, turn]).toEqual(['flushed', 1]);
    expect(playedMs).toBeGreaterThan(290);
    expect(playedMs).toBeLessThanOrEqual(306);
    const after = render(100);
    expect(audible(after).length).toBeLessThanOrEqual(5 * 48);
    expect(audible(after.slice(5 * 48))).toEqual([]);
    send(1, 1000, 500, true);
    expect(audible(render(600))).toEqual([]);
    expect(told.at(-1)?.[0]).toBe('flushed');
  });

  it('plays the next turn after a flush, from its own beginning', () => {
    const { queue, told, send, render } = setUp();
    send(1, 0, 1000);
    render(300);
    queue.receive({ type: 'flush', turn: 1 });
    render(20);
    send(2, 0, 300, true);
    const heard = audible(render(400));
    expect(heard).toHaveLength(300 * 48);
    expect(
      Math.max(...heard.slice(FADE_SAMPLES, 5000).map((sample, i) => Math.abs(sample - toneAt(i + FADE_SAMPLES, CONTEXT_RATE_HZ)))),
    ).toBeLessThan(0.001);
    expect(told.at(-1)).toEqual(['ended', 2, 300]);
  });

  it('drops a turn that is flushed before its audio', () => {
    const { queue, told, send, render } = setUp();
    queue.receive({ type: 'flush', turn: 3 });
    send(3, 0, 500, true);
    expect(audible(render(300))).toEqual([]);
    expect(told).toEqual([['flushed', 3, 0]]);
  });

  it('keeps all audio of the turn before the flushed one', () => {
    const { queue, told, send, render } = setUp();
    send(1, 0, 700);
    send(1, 700, 300, true);
    send(2, 0, 500);
    queue.receive({ type: 'flush', turn: 2 });
    expect(audible(render(1200))).toHaveLength(1000 * 48);
    expect(types(told).filter((type) => !type.startsWith('progress'))).toEqual(['flushed 2', 'started 1', 'ended 1']);
  });

  it('plays turns in order, even if the end of one was never announced', () => {
    const { told, send, render } = setUp();
    send(1, 0, 300);
    send(2, 0, 300, true);
    send(1, 300, 300);
    expect(audible(render(800))).toHaveLength(600 * 48);
    expect(types(told).filter((type) => !type.startsWith('progress'))).toEqual(['started 1', 'ended 1', 'started 2', 'ended 2']);
  });

  it('reports the true position of a turn that had gaps', () => {
    const { told, send, render } = setUp();
    for (let at = 0; at < 900; at += 300) {
      send(1, at, 300, at === 600);
      render(400);
    }
    render(400);
    expect(types(told).filter((type) => type === 'underrun 1')).toHaveLength(2);
    const positions = told.flatMap(([, , playedMs]) => (playedMs === undefined ? [] : [playedMs]));
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
    expect(told.at(-1)).toEqual(['ended', 1, 900]);
  });

  it('reports an underrun and continues', () => {
    const { told, send, render } = setUp();
    send(1, 0, 220);
    render(300);
    expect(types(told)).toEqual(['started 1', 'underrun 1']);
    send(1, 220, 100, true);
    render(200);
    expect(told.at(-1)).toEqual(['ended', 1, 320]);
  });

  it('ducks only the named turn', () => {
    const { queue, send, render } = setUp();
    const peak = (out: readonly number[]): number => Math.max(...out);
    send(1, 0, 2000);
    render(100);
    queue.receive({ type: 'duck', turn: 1, active: true });
    render(20);
    expect(peak(render(50))).toBeCloseTo(0.025, 3);
    queue.receive({ type: 'duck', turn: 1, active: false });
    render(20);
    expect(peak(render(50))).toBeCloseTo(0.25, 2);
    queue.receive({ type: 'duck', turn: 2, active: true });
    render(20);
    expect(peak(render(50))).toBeCloseTo(0.25, 2);
  });

  it('stops while paused, reports no progress, and continues with what arrived meanwhile', () => {
    const { queue, told, send, render } = setUp();
    send(1, 0, 300);
    const before = audible(render(200));
    queue.receive({ type: 'pause', turn: 1, active: true });
    const fadeOut = audible(render(50));
    const tellings = told.length;
    expect(audible(render(1000))).toEqual([]);
    for (let at = 300; at < 900; at += 100) send(1, at, 100, at === 800);
    expect(audible(render(1000))).toEqual([]);
    expect(told).toHaveLength(tellings);
    queue.receive({ type: 'pause', turn: 1, active: false });
    const after = audible(render(1000));
    const heard = [...before, ...fadeOut, ...after];
    expect(heard).toHaveLength(900 * 48);
    const faded = 10 * 48;
    expect(fadeOut).toHaveLength(faded);
    const pausedAt = before.length + faded;
    for (const [i, sample] of heard.entries()) {
      const whole = toneAt(i, CONTEXT_RATE_HZ);
      if (Math.abs(i - pausedAt) <= faded) expect(Math.abs(sample)).toBeLessThanOrEqual(Math.abs(whole) + 0.001);
      else if (i > FADE_SAMPLES && i < heard.length - FADE_SAMPLES && Math.abs(sample - whole) > 0.001)
        throw new Error(`sample ${i} is ${sample}, not ${whole}`);
    }
    expect(told.at(-1)).toEqual(['ended', 1, 900]);
    expect(types(told)).not.toContain('underrun 1');
  });

  it('drops a paused turn that is flushed, without any further sound', () => {
    const { queue, told, send, render } = setUp();
    send(1, 0, 1000);
    render(300);
    queue.receive({ type: 'pause', turn: 1, active: true });
    render(100);
    queue.receive({ type: 'flush', turn: 1 });
    queue.receive({ type: 'pause', turn: 1, active: false });
    expect(audible(render(200))).toEqual([]);
    expect(told.at(-1)?.[0]).toBe('flushed');
    send(2, 0, 300, true);
    expect(audible(render(400))).toHaveLength(300 * 48);
  });

  it('reports the level five times a second while there is sound, and once when it ends', () => {
    const { levels, send, render } = setUp();
    render(1000);
    expect(levels).toEqual([]);
    send(1, 0, 1000, true);
    render(1000);
    expect(levels.length).toBeGreaterThanOrEqual(4);
    expect(levels[2]).toBeCloseTo(-15.05, 1);
    render(2000);
    expect(levels.at(-1)).toBe(-100);
    expect(levels.filter((dbfs) => dbfs === -100)).toHaveLength(1);
    expect(levels.length).toBeLessThanOrEqual(7);
  });

  it('accepts turn numbers from the beginning again after a reset', () => {
    const { queue, told, send, render } = setUp();
    send(5, 0, 1000);
    render(100);
    queue.receive({ type: 'reset' });
    expect(audible(render(100)).length).toBeLessThanOrEqual(FADE_SAMPLES);
    expect(queue.isSilent).toBe(true);
    send(1, 0, 100, true);
    expect(audible(render(200))).toHaveLength(100 * 48);
    expect(told.at(-1)).toEqual(['ended', 1, 100]);
  });

  it('accepts an odd number of bytes', () => {
    const { queue, told, render } = setUp();
    queue.receive({ type: 'audio', turn: 1, pcm: new Uint8Array(481), last: true });
    render(50);
    expect(told.at(-1)).toEqual(['ended', 1, 10]);
  });

  it('passes audio through that has the context’s rate', () => {
    const { queue, told, render } = setUp({ sourceRateHz: CONTEXT_RATE_HZ });
    const pcm = Int16Array.from({ length: 960 }, (_, i) => i + 1);
    queue.receive({ type: 'audio', turn: 1, pcm: new Uint8Array(pcm.buffer), last: true });
    const heard = audible(render(40));
    expect(heard).toHaveLength(960);
    const whole = (samples: readonly number[]): number[] => samples.slice(FADE_SAMPLES, -FADE_SAMPLES);
    expect(whole(heard)).toEqual(whole(Array.from(pcm, (sample) => sample / 32_768)));
    expect(told.at(-1)).toEqual(['ended', 1, 20]);
  });
});
