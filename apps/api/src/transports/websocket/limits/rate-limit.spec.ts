import { RateLimit } from './rate-limit';

describe('RateLimit', () => {
  let nowMs: number;
  let rate: RateLimit;
  beforeEach(() => {
    nowMs = 1_000;
    rate = new RateLimit(() => nowMs);
  });

  const count = (verdicts: readonly string[]): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (const verdict of verdicts) counts[verdict] = (counts[verdict] ?? 0) + 1;
    return counts;
  };
  const messages = (number: number): string[] => Array.from({ length: number }, () => rate.message());
  /** One second of a flood. */
  const flood = (): string[] => {
    const verdicts = messages(200);
    nowMs += 1_000;
    return verdicts;
  };

  it('allows a hundred messages at once and then thirty per second', () => {
    expect(count(messages(100))).toEqual({ ok: 100 });
    expect(rate.message()).toBe('refused_with_notice');
    nowMs += 1_000;
    expect(count(messages(30))).toEqual({ ok: 30 });
    expect(rate.message()).toBe('refused_with_notice');
  });

  it('allows one minute of audio at once, and then no more than is spoken', () => {
    const second = (): string => rate.audioOf(1_000, 0, 1_000);
    expect(count(Array.from({ length: 60 }, second))).toEqual({ ok: 60 });
    expect(second()).toBe('refused_with_notice');
    for (let spoken = 0; spoken < 100; spoken++) {
      nowMs += 1_000;
      expect(second()).toBe('ok');
      expect(rate.audioOf(500, 0, 20_000)).not.toBe('ok');
    }
  });

  it('allows a network that stalls for fifteen seconds every minute, in frames of any usual length', () => {
    for (const frameMs of [8, 20, 60]) {
      rate = new RateLimit(() => nowMs);
      const frames = (forMs: number): string[] =>
        Array.from({ length: forMs / frameMs }, () => rate.audioOf(Math.max(frameMs, 20), 1_000, frameMs));
      for (let minute = 0; minute < 30; minute++) {
        nowMs += 15_000;
        expect(new Set(frames(15_000))).toEqual(new Set(['ok']));
        for (let second = 0; second < 45; second++) {
          nowMs += 1_000;
          expect(new Set(frames(960))).toEqual(new Set(['ok']));
        }
      }
    }
  });

  it('charges audio for at most four seconds of cost per second, after a minute at once', () => {
    expect(rate.audioOf(60_000)).toBe('ok');
    expect(rate.audioOf(20)).toBe('refused_with_notice');
    nowMs += 1_000;
    expect(rate.audioOf(4_000)).toBe('ok');
    expect(rate.audioOf(20)).toBe('refused_with_notice');
  });

  it('counts audio and other messages separately', () => {
    messages(101);
    expect(rate.audioOf(20)).toBe('ok');
  });

  it('gives at most one notice per second for audio and messages together', () => {
    messages(100);
    rate.audioOf(60_000);
    expect([rate.message(), rate.audioOf(2_000), rate.message()]).toEqual(['refused_with_notice', 'refused', 'refused']);
    nowMs += 999;
    expect(rate.audioOf(10_000)).toBe('refused');
    nowMs += 1;
    expect(rate.audioOf(10_000)).toBe('refused_with_notice');
  });

  it('treats ten notices in a row as a persistent excess', () => {
    const verdicts = Array.from({ length: 10 }, flood);
    expect(verdicts.map((all) => all.filter((verdict) => verdict === 'refused_with_notice').length)).toEqual([
      1, 1, 1, 1, 1, 1, 1, 1, 1, 0,
    ]);
    expect(verdicts.flat().filter((verdict) => verdict === 'persistent')).toHaveLength(1);
    expect(verdicts.at(-1)).toContain('persistent');
  });

  it('starts counting the notices again after a quiet moment', () => {
    for (let second = 0; second < 9; second++) flood();
    nowMs += 2_000;
    for (let second = 0; second < 9; second++) expect(flood()).not.toContain('persistent');
    expect(flood()).toContain('persistent');
  });

  it('treats a flood as persistent at once, by the number of messages or by their bytes', () => {
    const verdicts = messages(5_101);
    expect(verdicts.slice(0, 5_100)).not.toContain('persistent');
    expect(verdicts.at(-1)).toBe('persistent');
    rate = new RateLimit(() => nowMs);
    rate.audioOf(60_000);
    const refused = Array.from({ length: 6 }, () => rate.audioOf(2_000, 999 * 1024));
    expect(refused).toEqual(['refused_with_notice', 'refused', 'refused', 'refused', 'refused', 'persistent']);
  });

  it('allows 24 MB of text at once and then 1 MB per second, and counts the parts of its JSON as bytes', () => {
    const megabyte = 1024 * 1024;
    expect(count(Array.from({ length: 24 }, () => rate.text(megabyte)))).toEqual({ ok: 24 });
    expect(rate.text(1_000)).toBe('refused_with_notice');
    nowMs += 1_000;
    expect(rate.text(megabyte / 2, 8_192)).toBe('ok');
    expect(rate.text(1_000)).toBe('refused_with_notice');
  });

  it('allows fifteen seconds of audio at once after a stalled connection, in frames of any usual length', () => {
    for (const frameMs of [8, 10, 20, 60]) {
      rate = new RateLimit(() => nowMs);
      for (let sentMs = 0; sentMs < 15_000; sentMs += frameMs) expect(rate.audioOf(Math.max(frameMs, 20), 1_000)).toBe('ok');
    }
  });

  it('always allows a microphone in real time', () => {
    const verdicts = Array.from({ length: 50 * 600 }, () => {
      nowMs += 20;
      return rate.audioOf(20, 640, 20);
    });
    expect(count(verdicts)).toEqual({ ok: 50 * 600 });
  });
});
