import { FirstSoundClock } from './first-sound-clock';

describe('FirstSoundClock', () => {
  let clock: FirstSoundClock;
  beforeEach(() => {
    clock = new FirstSoundClock();
  });

  it('runs from the end of the speech', () => {
    clock.captured(-20, 1_000);
    clock.captured(-90, 1_020);
    clock.turnBegan(1);
    expect(clock.soundStarted(1, 2_100)).toEqual({ fromMs: 'speech', durationMs: 1_100 });
  });

  it('runs from the typed text, whatever the microphone hears', () => {
    clock.captured(-20, 1_000);
    clock.typed(1_500);
    clock.turnBegan(1);
    clock.captured(-20, 1_600);
    expect(clock.soundStarted(1, 2_000)).toEqual({ fromMs: 'text', durationMs: 500 });
  });

  it('is not moved by noise after the turn was taken up, nor by its state being repeated', () => {
    clock.captured(-20, 1_000);
    clock.turnBegan(1);
    clock.captured(-20, 1_900);
    clock.turnBegan(1);
    expect(clock.soundStarted(1, 2_000)).toEqual({ fromMs: 'speech', durationMs: 1_000 });
  });

  it('measures a turn once', () => {
    clock.typed(0);
    clock.turnBegan(1);
    expect(clock.soundStarted(1, 10)).toBeDefined();
    expect(clock.soundStarted(1, 20)).toBeUndefined();
  });

  it('says nothing where the beginning is not known', () => {
    clock.turnBegan(1);
    expect(clock.soundStarted(1, 10)).toBeUndefined();
    clock.typed(20);
    clock.turnBegan(2);
    expect(clock.soundStarted(1, 30)).toBeUndefined();
  });
});
