import type { OutgoingSpeech } from '../ports';
import { startVirtualTime } from '../testing/virtual-time';
import { AudioOutbox } from './audio-outbox';

const RATE_HZ = 1_000;
const LEAD_MS = 2_000;
const audio = (durationMs: number, sample = 1): Int16Array => new Int16Array(durationMs).fill(sample);

describe('AudioOutbox', () => {
  let sent: OutgoingSpeech[];
  let sentMs: number;
  let finished: number[];
  let outbox: AudioOutbox;
  /** A callback that runs during the next send. */
  let onNextSend: (() => void) | undefined;

  beforeEach(() => {
    startVirtualTime();
    sent = [];
    sentMs = 0;
    finished = [];
    onNextSend = undefined;
    outbox = new AudioOutbox({
      sampleRateHz: RATE_HZ,
      maxLeadMs: LEAD_MS,
      now: () => performance.now(),
      send: (speech) => sent.push(speech),
      onSent: (_reply, durationMs) => {
        sentMs += durationMs;
        const act = onNextSend;
        onNextSend = undefined;
        act?.();
      },
      onFinished: (reply) => finished.push(reply),
    });
  });
  afterEach(() => jest.useRealTimers());

  const numbers = (): [number, number][] => sent.map(({ turn, seq }) => [turn, seq]);

  it('sends as much as fits at once, in messages of at most half a second', () => {
    outbox.push(1, 1, audio(1_200));
    expect(sent.map(({ pcm }) => pcm.length)).toEqual([500, 500, 200]);
    expect(sent.every(({ last }) => !last)).toBe(true);
    expect(sentMs).toBe(1_200);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('numbers the messages of each turn from 0, and marks the end with an empty last message', () => {
    outbox.push(1, 1, audio(300));
    outbox.push(1, 1, audio(300));
    outbox.finish(1, 1);
    outbox.push(2, 2, audio(300));
    outbox.finish(2, 2);
    expect(numbers()).toEqual([
      [1, 0],
      [1, 1],
      [1, 2],
      [2, 0],
      [2, 1],
    ]);
    expect(sent.map(({ last, pcm }) => (last ? pcm.length : 'audio'))).toEqual(['audio', 'audio', 0, 'audio', 0]);
    expect(finished).toEqual([1, 2]);
  });

  it('continues the numbering when another reply takes over the same turn', () => {
    outbox.push(1, 1, audio(300));
    outbox.cancel(1);
    outbox.push(2, 1, audio(300));
    outbox.finish(2, 1);
    expect(numbers()).toEqual([
      [1, 0],
      [1, 1],
      [1, 2],
    ]);
  });

  it('is never further ahead of the clock than the allowed lead plus one message', () => {
    outbox.push(1, 1, audio(20_000));
    for (let atMs = 0; atMs <= 20_000; atMs += 50) {
      expect(sentMs - atMs).toBeLessThanOrEqual(LEAD_MS + 500);
      // Nor may the listener run out of audio.
      expect(sentMs).toBeGreaterThanOrEqual(Math.min(20_000, atMs + LEAD_MS - 500));
      jest.advanceTimersByTime(50);
    }
    expect(sentMs).toBe(20_000);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('waits for a listener who reports falling behind', () => {
    outbox.push(1, 1, audio(20_000));
    jest.advanceTimersByTime(1_000);
    outbox.reportPlayback({ turn: 1, event: 'progress', playedMs: 0 });
    const before = sentMs;
    jest.advanceTimersByTime(900);
    // By the clock, 900 ms more could have been sent, but the listener has only just started to play.
    expect(sentMs).toBe(before);
    outbox.reportPlayback({ turn: 1, event: 'progress', playedMs: 1_900 });
    expect(sentMs).toBeGreaterThan(before);
  });

  it('ignores reports about another turn, about less than before, or about more than was sent', () => {
    outbox.push(1, 1, audio(10_000));
    const before = sentMs;
    outbox.reportPlayback({ turn: 2, event: 'progress', playedMs: 10_000 });
    outbox.reportPlayback({ turn: 1, event: 'progress', playedMs: 1e9 });
    expect(sentMs).toBe(before);
    expect(sentMs).toBeLessThanOrEqual(LEAD_MS + 500);
    outbox.reportPlayback({ turn: 1, event: 'progress', playedMs: -5 });
    jest.advanceTimersByTime(10_000);
    expect(sentMs).toBe(10_000);
  });

  it('drops unsent audio when its reply is cancelled', () => {
    outbox.push(1, 1, audio(10_000));
    outbox.finish(1, 1);
    const before = sent.length;
    outbox.cancel(1);
    outbox.cancel(1);
    expect(jest.getTimerCount()).toBe(0);
    jest.advanceTimersByTime(20_000);
    expect(sent).toHaveLength(before);
    expect(finished).toEqual([]);
  });

  it('drops only the cancelled reply, and sends the other one as soon as there is room', () => {
    outbox.push(1, 1, audio(10_000, 1));
    outbox.push(2, 1, audio(400, 2));
    outbox.finish(2, 1);
    outbox.cancel(1);
    jest.advanceTimersByTime(2_000);
    expect(sent.filter(({ pcm }) => pcm[0] === 2)).toHaveLength(1);
    expect(finished).toEqual([2]);
    expect(numbers().map(([, seq]) => seq)).toEqual(sent.map((_speech, index) => index));
  });

  it('stops at once when the reply is cancelled during a send', () => {
    onNextSend = () => outbox.cancel(1);
    outbox.push(1, 1, audio(1_500));
    expect(sentMs).toBe(500);
    jest.advanceTimersByTime(5_000);
    expect(sentMs).toBe(500);
  });

  it('keeps the order when audio is added during a send', () => {
    onNextSend = () => outbox.push(1, 1, audio(100, 2));
    outbox.push(1, 1, audio(700, 1));
    expect(sent.map(({ pcm }) => pcm[0])).toEqual([1, 1, 2]);
    expect(numbers().map(([, seq]) => seq)).toEqual([0, 1, 2]);
  });

  it('starts a new turn at once, because the client has dropped the audio of the old one', () => {
    outbox.push(1, 1, audio(10_000));
    outbox.cancel(1);
    const before = sentMs;
    outbox.push(2, 2, audio(1_000));
    expect(sentMs - before).toBe(1_000);
  });

  it('sends nothing while it is paused, and then continues in order', () => {
    outbox.push(1, 1, audio(500, 1));
    outbox.hold(true);
    outbox.hold(true);
    outbox.push(1, 1, audio(300, 2));
    outbox.finish(1, 1);
    outbox.reportPlayback({ turn: 1, event: 'progress', playedMs: 100 });
    jest.advanceTimersByTime(600);
    expect(sentMs).toBe(500);
    expect(finished).toEqual([]);
    outbox.hold(false);
    outbox.hold(false);
    expect(sent.map(({ pcm }) => pcm[0])).toEqual([1, 2, undefined]);
    expect(finished).toEqual([1]);
  });

  it.each([undefined, 500])('does not count the duration of a pause as played (reported before: %s)', (playedMs) => {
    outbox.push(1, 1, audio(10_000));
    if (playedMs !== undefined) {
      jest.advanceTimersByTime(playedMs);
      outbox.reportPlayback({ turn: 1, event: 'progress', playedMs });
    }
    const before = sentMs;
    outbox.hold(true);
    expect(jest.getTimerCount()).toBe(0);
    jest.advanceTimersByTime(1_500);
    outbox.hold(false);
    expect(sentMs).toBe(before);
    jest.advanceTimersByTime(499);
    expect(sentMs).toBe(before);
    jest.advanceTimersByTime(501);
    expect(sentMs).toBeGreaterThan(before);
  });

  it('drops a reply that is cancelled during a pause', () => {
    outbox.hold(true);
    outbox.push(1, 1, audio(300));
    outbox.cancel(1);
    outbox.hold(false);
    expect(sent).toEqual([]);
  });

  it('sends nothing after it was closed', () => {
    outbox.push(1, 1, audio(10_000));
    const before = sent.length;
    outbox.close();
    expect(jest.getTimerCount()).toBe(0);
    outbox.push(1, 1, audio(100));
    outbox.finish(1, 1);
    outbox.reportPlayback({ turn: 1, event: 'ended', playedMs: 2_000 });
    jest.advanceTimersByTime(20_000);
    expect(sent).toHaveLength(before);
    expect(finished).toEqual([]);
  });

  it('may be closed during a send', () => {
    onNextSend = () => outbox.close();
    outbox.push(1, 1, audio(5_000));
    expect(sentMs).toBe(500);
    expect(jest.getTimerCount()).toBe(0);
  });
});
