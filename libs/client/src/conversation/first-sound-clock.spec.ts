import { FirstSoundClock } from './first-sound-clock';

describe('FirstSoundClock', () => {
  let clock: FirstSoundClock;
  beforeEach(() => {
    clock = new FirstSoundClock();
  });

  it('measures from the end of the speech', () => {
    clock.captured(-20, 1_000);
    clock.captured(-90, 1_020);
    clock.turnBegan(1);
    expect(clock.soundStarted(1, 2_100)).toEqual({ fromMs: 'speech', durationMs: 1_100 });
  });

  it('measures from the typed text, whatever the microphone hears', () => {
    clock.captured(-20, 1_000);
    clock.typed(1_500);
    clock.turnBegan(1);
    clock.captured(-20, 1_600);
    expect(clock.soundStarted(1, 2_000)).toEqual({ fromMs: 'text', durationMs: 500 });
  });

  it('ignores noise and repeated states after the server has started to answer the turn', () => {
    clock.captured(-20, 1_000);
    clock.turnBegan(1);
    clock.captured(-20, 1_900);
    clock.turnBegan(1);
    expect(clock.soundStarted(1, 2_000)).toEqual({ fromMs: 'speech', durationMs: 1_000 });
  });

  it('measures each turn only once', () => {
    clock.typed(0);
    clock.turnBegan(1);
    expect(clock.soundStarted(1, 10)).toBeDefined();
    expect(clock.soundStarted(1, 20)).toBeUndefined();
  });

  it('measures nothing when the beginning is not known', () => {
    clock.turnBegan(1);
    expect(clock.soundStarted(1, 10)).toBeUndefined();
    clock.typed(20);
    clock.turnBegan(2);
    expect(clock.soundStarted(1, 30)).toBeUndefined();
  });
});
