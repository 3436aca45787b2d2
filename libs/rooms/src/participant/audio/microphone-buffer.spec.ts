import { MAX_WAIT_MS, MicrophoneBuffer } from './microphone-buffer';

const FRAME = 320;
const loud = (value: number, frames = 1) => new Int16Array(FRAME * frames).fill(value);

describe('the buffer of a microphone', () => {
  it('cuts what arrives into frames, in order and without loss', () => {
    const buffer = new MicrophoneBuffer();
    const all = Int16Array.from({ length: 10 * FRAME }, (_, index) => 1_000 + index);
    for (let start = 0; start < all.length; start += 130) buffer.push(all.subarray(start, start + 130));
    const taken = Array.from({ length: 10 }, () => buffer.take()).flatMap((frame) => [...(frame ?? [])]);
    expect(taken).toEqual([...all]);
    expect(buffer.take()).toBeUndefined();
  });

  it('waits for a second frame at first, and again when it has run dry', () => {
    const buffer = new MicrophoneBuffer();
    buffer.push(loud(1_000));
    expect(buffer.take()).toBeUndefined();
    buffer.push(loud(2_000));
    expect([buffer.take()?.[0], buffer.take()?.[0], buffer.take()]).toEqual([1_000, 2_000, undefined]);
    buffer.push(loud(3_000));
    expect(buffer.take()).toBeUndefined();
  });

  it('leaves out quiet frames when it is behind, and no loud ones', () => {
    const quiet = new MicrophoneBuffer();
    quiet.push(loud(1, 40));
    let taken = 0;
    while (quiet.take()) taken += 1;
    expect(taken).toBeLessThan(30);
    const speaking = new MicrophoneBuffer();
    speaking.push(loud(5_000, 20));
    expect(Array.from({ length: 20 }, () => speaking.take()).every((frame) => frame?.[0] === 5_000)).toBe(true);
  });

  it.each([
    ['while nobody speaks', 5, 2],
    ['not in the middle of speech', 5_000, 12],
  ])('catches up after a delay that stays, %s', (_, level, left) => {
    const buffer = new MicrophoneBuffer();
    buffer.push(loud(level, 12));
    for (let frame = 0; frame < 1_000; frame++) {
      buffer.push(loud(level));
      buffer.take();
    }
    let held = 0;
    while (buffer.take()) held += 1;
    expect(held).toBe(left);
  });

  it('does not take sound that arrives in bursts for a delay', () => {
    const buffer = new MicrophoneBuffer();
    let taken = 0;
    for (let burst = 0; burst < 100; burst++) {
      buffer.push(loud(5, 10));
      for (let frame = 0; frame < 10; frame++) if (buffer.take()) taken += 1;
    }
    expect(taken).toBe(1_000);
  });

  it('never holds more than a second, and loses the oldest', () => {
    const buffer = new MicrophoneBuffer();
    for (let value = 1; value <= 80; value++) buffer.push(loud(1_000 + value));
    expect(buffer.take()?.[0]).toBe(1_031);
  });

  it('is waited for while its sound is a little late, so that no gap comes into a word', () => {
    const buffer = new MicrophoneBuffer();
    expect(buffer.isAwaited(0)).toBe(false);
    buffer.push(loud(1_000, 2));
    expect([buffer.isAwaited(0), buffer.take()?.[0], buffer.take()?.[0]]).toEqual([false, 1_000, 1_000]);
    expect([buffer.isAwaited(100), buffer.isAwaited(99 + MAX_WAIT_MS)]).toEqual([true, true]);
    buffer.push(loud(2_000));
    expect([buffer.isAwaited(100 + MAX_WAIT_MS), buffer.take()?.[0]]).toEqual([false, 2_000]);
    expect([buffer.isAwaited(500), buffer.isAwaited(500 + MAX_WAIT_MS), buffer.take()]).toEqual([true, false, undefined]);
    expect(buffer.isAwaited(1_000)).toBe(false);
  });

  it('is empty after it was cleared', () => {
    const buffer = new MicrophoneBuffer();
    buffer.push(loud(1_000, 4));
    buffer.clear();
    expect(buffer.take()).toBeUndefined();
  });
});
