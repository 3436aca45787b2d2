import { startVirtualTime } from '../testing/virtual-time';
import { TurnTimers } from './turn-timers';

describe('TurnTimers', () => {
  let fired: string[];
  let timers: TurnTimers;

  beforeEach(() => {
    startVirtualTime();
    fired = [];
    timers = new TurnTimers((timer) => fired.push(timer));
  });
  afterEach(() => jest.useRealTimers());

  it('reports once which timer fired, when its time has come', () => {
    timers.set('stalled', 100);
    jest.advanceTimersByTime(99);
    expect(fired).toEqual([]);
    expect(timers.count).toBe(1);
    jest.advanceTimersByTime(1);
    expect(fired).toEqual(['stalled']);
    expect(timers.count).toBe(0);
    jest.advanceTimersByTime(1_000);
    expect(fired).toEqual(['stalled']);
  });

  it('replaces a timer of the same name and leaves the others', () => {
    timers.set('stalled', 100);
    timers.set('inactivity', 150);
    jest.advanceTimersByTime(50);
    timers.set('stalled', 200);
    expect(timers.count).toBe(2);
    jest.advanceTimersByTime(150);
    expect(fired).toEqual(['inactivity']);
    jest.advanceTimersByTime(50);
    expect(fired).toEqual(['inactivity', 'stalled']);
  });

  it('can set a timer from the callback of a timer', () => {
    const again = new TurnTimers((timer) => {
      fired.push(timer);
      if (fired.length < 3) again.set(timer, 10);
    });
    again.set('audio_gap', 10);
    jest.advanceTimersByTime(100);
    expect(fired).toEqual(['audio_gap', 'audio_gap', 'audio_gap']);
    expect(again.count).toBe(0);
  });

  it('fires a timer whose time is already past, but not within the call that sets it', () => {
    timers.set('stalled', -50);
    expect(fired).toEqual([]);
    jest.advanceTimersByTime(0);
    expect(fired).toEqual(['stalled']);
  });

  it('clears one timer or all timers', () => {
    timers.set('stalled', 100);
    timers.set('inactivity', 100);
    timers.set('audio_gap', 100);
    timers.clear('stalled');
    timers.clear('stalled');
    expect(timers.count).toBe(2);
    timers.clearAll();
    expect(timers.count).toBe(0);
    expect(jest.getTimerCount()).toBe(0);
    jest.advanceTimersByTime(1_000);
    expect(fired).toEqual([]);
  });
});
