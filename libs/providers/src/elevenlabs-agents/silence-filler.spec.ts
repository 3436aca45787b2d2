import { SilenceFiller } from './silence-filler';

describe('SilenceFiller', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  function start() {
    const sent: Int16Array[] = [];
    const filler = new SilenceFiller((pcm) => sent.push(pcm));
    filler.start();
    return { filler, sent, ms: () => sent.reduce((ms, pcm) => ms + pcm.length / 16, 0) };
  }

  it('sends silence in real time while no audio arrives', () => {
    const { filler, sent, ms } = start();
    jest.advanceTimersByTime(60_000);
    filler.stop();
    expect(ms()).toBeGreaterThan(59_000);
    expect(ms()).toBeLessThanOrEqual(60_000);
    expect(sent.every((pcm) => pcm.every((sample) => sample === 0))).toBe(true);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('sends no silence while audio keeps arriving, whether late or ahead of time', () => {
    const { filler, ms } = start();
    for (let i = 0; i < 20; i++) {
      filler.heard(1_600);
      jest.advanceTimersByTime(100);
    }
    for (let i = 0; i < 20; i++) {
      filler.heard(500 * 16);
      jest.advanceTimersByTime(500);
    }
    filler.heard(2_000 * 16);
    jest.advanceTimersByTime(2_500);
    expect(ms()).toBe(0);
    jest.advanceTimersByTime(1_000);
    filler.stop();
    expect(ms()).toBeGreaterThan(700);
  });
});
