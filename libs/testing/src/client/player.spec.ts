import { Player, type PlaybackReport } from './player';

const RATE_HZ = 24_000;
const speech = (turn: number, durationMs: number, last = false) => ({
  turn,
  seq: 0,
  last,
  pcm: Buffer.alloc((durationMs * RATE_HZ * 2) / 1000),
});

describe('Player', () => {
  let reports: PlaybackReport[];
  let player: Player;
  beforeEach(() => {
    jest.useFakeTimers();
    reports = [];
    player = new Player({ speed: 1, report: (report) => reports.push(report) });
  });
  afterEach(() => {
    player.stop();
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });

  it('stops while it is paused, and continues from the same sample', () => {
    player.addSpeech(speech(1, 5_000, true), RATE_HZ);
    jest.advanceTimersByTime(1_120);
    player.pause(1, true);
    const { playedMs } = player.heard();
    expect(playedMs).toBeCloseTo(1_020, 0);
    const told = reports.length;
    jest.advanceTimersByTime(600);
    expect(player.heard().playedMs).toBe(playedMs);
    expect(reports).toHaveLength(told);
    player.pause(1, false);
    jest.advanceTimersByTime(1_000);
    expect(player.heard().playedMs).toBeGreaterThan(playedMs + 900);
    expect(player.heard().playedMs).toBeLessThanOrEqual(playedMs + 1_000);
    jest.advanceTimersByTime(3_500);
    expect(reports.at(-1)).toEqual({ type: 'playback', turn: 1, event: 'ended', played_ms: 5_000 });
  });

  it('is not paused by a message for another turn, and begins the next turn unpaused', () => {
    player.addSpeech(speech(1, 1_000), RATE_HZ);
    player.pause(2, true);
    jest.advanceTimersByTime(500);
    expect(player.heard().playedMs).toBeGreaterThan(0);
    player.pause(1, true);
    player.clear(1);
    player.addSpeech(speech(2, 1_000, true), RATE_HZ);
    jest.advanceTimersByTime(500);
    expect(player.heard()).toEqual({ turn: 2, playedMs: expect.any(Number) });
    expect(player.heard().playedMs).toBeGreaterThan(300);
  });
});
