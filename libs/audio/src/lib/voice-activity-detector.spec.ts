import fc from 'fast-check';
import { fixtureEntries, fixturePcm, referenceTurns, sileroWeights, type FixtureEntry } from '../testing/fixtures';
import { VOICE_WINDOW_MS, VoiceActivityDetector, type VoiceWindow } from './voice-activity-detector';

const weights = sileroWeights();
const FRAME_SAMPLES = 320;

function windowsOf(pcm: Int16Array, detector = new VoiceActivityDetector({ weights })): VoiceWindow[] {
  const windows: VoiceWindow[] = [];
  for (let at = 0; at < pcm.length; at += FRAME_SAMPLES) {
    detector.push(pcm.subarray(at, at + FRAME_SAMPLES), (window) => windows.push({ ...window }));
  }
  return windows;
}

interface Turn {
  /** End of the second speech window in a row, and of the last one. */
  startMs: number;
  lastSpeechMs: number;
  /** None when the recording ends before. */
  endMs: number | null;
  speechMs: number;
}

/**
 * A small turn rule: a turn starts after two speech windows in a row and ends 900 ms after the end of the last window that `keepsAlive`.
 */
function turnsOf(windows: readonly VoiceWindow[], keepsAlive = (window: VoiceWindow) => window.activity === 'speech'): Turn[] {
  const turns: Turn[] = [];
  let run = 0;
  let open: Turn | undefined;
  for (const window of windows) {
    run = window.activity === 'speech' ? run + 1 : 0;
    if (!open && run === 2) {
      open = { startMs: window.endMs, lastSpeechMs: window.endMs, endMs: null, speechMs: VOICE_WINDOW_MS };
      turns.push(open);
    }
    if (!open) continue;
    if (window.activity === 'speech') open.speechMs += VOICE_WINDOW_MS;
    if (keepsAlive(window)) open.lastSpeechMs = window.endMs;
    if (window.endMs - open.lastSpeechMs < 900) continue;
    open.endMs = window.endMs;
    open = undefined;
  }
  return turns;
}

function longestSpeechMs(windows: readonly VoiceWindow[]): number {
  let run = 0;
  return Math.max(...windows.map((window) => (run = window.activity === 'speech' ? run + VOICE_WINDOW_MS : 0)));
}

const ENTRIES = fixtureEntries();
const WINDOWS = new Map(ENTRIES.map(({ file }) => [file, windowsOf(fixturePcm(file))]));
/** With the model asked about every window. */
const ALL_ASKED = new Map(
  ENTRIES.map(({ file }) => [file, windowsOf(fixturePcm(file), new VoiceActivityDetector({ weights, everyWindow: true }))]),
);
const heard = (file: string): readonly VoiceWindow[] => WINDOWS.get(file) ?? [];
const heardAsking = (file: string): readonly VoiceWindow[] => ALL_ASKED.get(file) ?? [];
const ofKind = (...kinds: string[]): FixtureEntry[] => ENTRIES.filter(({ kind }) => kinds.includes(kind));
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1];

describe('VoiceActivityDetector on recordings', () => {
  it('covers all recordings of the manifest', () => {
    expect(ofKind('clean')).toHaveLength(15);
    expect(ofKind('pause')).toHaveLength(7);
    expect(ofKind('noise-burst')).toHaveLength(5);
    expect(ofKind('conversation')).toHaveLength(2);
    expect(ENTRIES).toHaveLength(43);
  });

  it.each(ENTRIES.filter(({ expect: { turns } }) => turns !== undefined))(
    'detects the expected number of turns in $file',
    ({ file, expect: { turns } }) => {
      // A turn with less than 200 ms of speech is dropped: that is what becomes of the cough.
      expect(turnsOf(heard(file)).filter(({ speechMs }) => speechMs >= 200)).toHaveLength(turns ?? Number.NaN);
    },
  );

  it.each(ENTRIES)('detects the same turns in $file as the reference', ({ file }) => {
    const turns = turnsOf(heardAsking(file), ({ activity }) => activity !== 'silence');
    const reference = referenceTurns(file);
    expect(turns).toHaveLength(reference.length);
    turns.forEach(({ startMs, lastSpeechMs, endMs }, i) => {
      expect(Math.abs(startMs - reference[i].vadStartMs)).toBeLessThan(VOICE_WINDOW_MS);
      expect(Math.abs(lastSpeechMs - reference[i].vadLastSpeechMs)).toBeLessThan(VOICE_WINDOW_MS);
      expect(endMs === null).toBe(reference[i].endOfTurnMs === null);
    });
  });

  it.each(ENTRIES)('detects the same turns in $file when the model skips windows', ({ file }) => {
    const long = ({ speechMs }: Turn) => speechMs >= 200;
    const turns = turnsOf(heard(file)).filter(long);
    const expected = turnsOf(heardAsking(file)).filter(long);
    expect(turns).toHaveLength(expected.length);
    turns.forEach(({ startMs, lastSpeechMs }, i) => {
      // A model that skipped windows may detect speech two windows earlier.
      expect(startMs - expected[i].startMs).toBeLessThanOrEqual(VOICE_WINDOW_MS);
      expect(startMs - expected[i].startMs).toBeGreaterThanOrEqual(-2 * VOICE_WINDOW_MS);
      expect(Math.abs(lastSpeechMs - expected[i].lastSpeechMs)).toBeLessThanOrEqual(VOICE_WINDOW_MS);
    });
  });

  it('skips most windows', () => {
    const windows = ENTRIES.flatMap(({ file }) => heard(file));
    // The model never says 0 itself.
    expect(windows.filter(({ probability }) => probability === 0).length).toBeGreaterThan(windows.length / 3);
    expect(heard('conversation-4turns.wav').filter(({ probability }) => probability > 0).length).toBeLessThan(
      0.35 * heard('conversation-4turns.wav').length,
    );
    expect([...ALL_ASKED.values()].flat().every(({ probability }) => probability > 0)).toBe(true);
  });

  it('detects the beginning and the end of clean speech near the measured times', () => {
    const onsets: number[] = [];
    const offsets: number[] = [];
    for (const { file, speech } of ofKind('clean', 'conversation')) {
      turnsOf(heard(file)).forEach(({ startMs, lastSpeechMs }, i) => {
        onsets.push(startMs - speech[i].startMs);
        offsets.push(lastSpeechMs - speech[i].endMs);
      });
    }
    expect(onsets).toHaveLength(22);
    expect(Math.min(...onsets)).toBeGreaterThan(0);
    expect(Math.max(...onsets)).toBeLessThanOrEqual(160);
    expect(median(onsets)).toBeLessThanOrEqual(90);
    expect(Math.min(...offsets)).toBeGreaterThanOrEqual(-64);
    expect(Math.max(...offsets)).toBeLessThanOrEqual(64);
  });

  it.each(['burst-cough.wav', 'burst-click.wav', 'burst-keyboard.wav', 'burst-slam.wav', 'backchannel-uhhuh.wav'])(
    'does not detect enough speech in %s to interrupt',
    (file) => {
      expect(heard(file).length).toBeGreaterThan(60);
      expect(longestSpeechMs(heard(file))).toBeLessThan(200);
    },
  );

  it.each(ofKind('interruption'))('detects enough speech in $file to interrupt', ({ file }) => {
    expect(longestSpeechMs(heard(file))).toBeGreaterThanOrEqual(256);
  });
});

describe('voicedEndMs on recordings', () => {
  /** For each voice of the recording, how long after its true end the silence rule of 900 ms begins to count. */
  const delays = ({ file, speech }: FixtureEntry): number[] =>
    speech.map(({ endMs }, i) => {
      const before = Math.min(endMs + 900, speech[i + 1]?.startMs ?? Infinity);
      return (heard(file).findLast((window) => window.endMs < before)?.voicedEndMs ?? 0) - endMs;
    });

  it('is never too early, and at most 16 ms late where the background is quiet', () => {
    const quiet = ENTRIES.filter(({ kind }) => kind !== 'noisy').flatMap(delays);
    expect(quiet).toHaveLength(43);
    expect(Math.min(...quiet)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...quiet)).toBeLessThanOrEqual(16);
  });

  it.each([
    ['noisy-pink-20db.wav', 100],
    ['noisy-pink-10db.wav', 100],
    ['noisy-pink-5db.wav', 100],
    ['noisy-white-10db.wav', 100],
    ['noisy-fan-10db.wav', 100],
    ['noisy-babble-20db.wav', 160],
    // The voices behind are loud enough to go on counting.
    ['noisy-babble-10db.wav', 900],
    ['noisy-babble-5db.wav', 900],
  ])('in %s is neither too early nor more than %d ms late', (file, latestMs) => {
    const found = ENTRIES.filter((entry) => entry.file === file).flatMap(delays);
    expect(found).toHaveLength(1);
    expect(found[0]).toBeGreaterThanOrEqual(0);
    expect(found[0]).toBeLessThanOrEqual(latestMs);
  });

  it.each(ENTRIES)('in $file never goes back, and never beyond the window', ({ file }) => {
    let last = 0;
    for (const { voicedEndMs, endMs, activity } of heard(file)) {
      expect(voicedEndMs).toBeGreaterThanOrEqual(last);
      expect(voicedEndMs).toBeLessThanOrEqual(endMs);
      if (activity === 'speech') expect(voicedEndMs).toBeGreaterThan(endMs - 100);
      last = voicedEndMs;
    }
  });
});

describe('VoiceActivityDetector', () => {
  it('counts windows of 32 ms on the audio clock', () => {
    expect(heard('clean-time.wav').map(({ endMs }) => endMs)).toEqual(Array.from({ length: 75 }, (_, i) => 32 * (i + 1)));
  });

  it('gives the same results whatever the frame lengths', () => {
    const pcm = fixturePcm('clean-time.wav').subarray(0, 16_000);
    const expected = windowsOf(pcm);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 10 }), (lengths) => {
        const detector = new VoiceActivityDetector({ weights });
        const windows: VoiceWindow[] = [];
        let at = 0;
        for (const length of [...lengths, pcm.length]) {
          detector.push(pcm.subarray(at, at + length), (window) => windows.push({ ...window }));
          at += length;
        }
        expect(windows).toEqual(expected);
      }),
      { numRuns: 15 },
    );
  });

  it('reports levels in dBFS', () => {
    const [window] = windowsOf(new Int16Array(512).fill(3277));
    expect(window.levelDbfs).toBeCloseTo(-20, 2);
    expect(window.floorDbfs).toBe(window.levelDbfs);
    expect(windowsOf(new Int16Array(512))[0]).toMatchObject({ levelDbfs: -100, floorDbfs: -100, activity: 'silence' });
  });

  it('requires a higher level while the assistant speaks, without losing a near talker', () => {
    const speechWindows = (file: string, assistantSpeaks: boolean): number => {
      const detector = new VoiceActivityDetector({ weights });
      detector.setAssistantSpeaking(assistantSpeaks);
      return windowsOf(fixturePcm(file), detector).filter(({ activity }) => activity === 'speech').length;
    };
    expect(speechWindows('noisy-pink-5db.wav', true)).toBeLessThan(speechWindows('noisy-pink-5db.wav', false) / 2);
    expect(speechWindows('clean-time.wav', true)).toBeGreaterThan(speechWindows('clean-time.wav', false) * 0.9);
  });

  it('does not mistake a noise after digital silence for a word, wherever the windows lie', () => {
    for (const file of ['burst-cough.wav', 'burst-click.wav', 'burst-slam.wav', 'burst-keyboard.wav']) {
      const noise = fixturePcm(file);
      for (let shift = 0; shift < 8; shift++) {
        const pcm = new Int16Array(32_000 + shift * FRAME_SAMPLES + noise.length);
        pcm.set(noise, pcm.length - noise.length);
        const speech = windowsOf(pcm).filter(({ activity }) => activity === 'speech');
        expect({ file, shift, isShort: speech.length * VOICE_WINDOW_MS < 200 }).toEqual({ file, shift, isShort: true });
      }
    }
  });

  it('starts again after a reset', () => {
    const detector = new VoiceActivityDetector({ weights });
    windowsOf(fixturePcm('noisy-babble-5db.wav').subarray(0, 16_123), detector);
    detector.reset();
    expect(windowsOf(fixturePcm('clean-time.wav'), detector)).toEqual(heard('clean-time.wav'));
  });
});
