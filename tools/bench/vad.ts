/**
 * `npm run bench:vad [folder of recordings]`: accuracy and cost of the voice activity detector. Prints Markdown.
 *
 * Speech: the utterances of libs/testing/recordings, spaced out and with noise behind them. Noise alone: a minute of each kind, made here
 * so that it is the same on every machine. Everything is synthetic, including the voices.
 */
import { floatToPcm16, parseSileroWeights, VoiceActivityDetector, VOICE_WINDOW_MS, type VoiceWindow } from '@parley/audio';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Corpus, type Recording } from './vad-corpus';
import { measureCosts } from './vad-cost';
import { quantile } from './quantile';
import { machineFacts, printTable } from './report';
import { scoreSpeech, stretchesOf } from './vad-score';

/** As the figures of the design were taken: an utterance ends after 200 ms of silence, a turn after 900. */
const UTTERANCE_SILENCE_MS = 200;
const TURN_SILENCE_MS = 900;
/** A turn with less speech is dropped. */
const MIN_TURN_SPEECH_MS = 200;
const FRAME_SAMPLES = 320;

/** Figures of the design (speech.md, 1.2: Silero v6 with level gate), on 32 utterances of eight voices. */
const DESIGN_SPEECH: Record<string, string> = {
  clean: 'onset 86 / 131, offset +40, 0 missed',
  'white 5 dB': '0 missed, 4 split',
  'pink 10 dB': 'onset 131 / 298, offset -9',
  'pink 5 dB': '2 split',
  'babble 20 dB': '0 missed, 0 false',
  'babble 10 dB': '1 missed, 3 false in 77 s',
  'babble 5 dB': '2 missed, 5 false in 77 s',
};
const DESIGN_NOISE: Record<string, string> = { babble: '10 starts', cough: '0 starts, 1 turn' };

const corpus = new Corpus(process.argv[2] ?? join(process.cwd(), 'libs/testing/recordings'));
const weights = parseSileroWeights(readFileSync(join(process.cwd(), 'libs/audio/assets/silero-vad-v6-16k.bin')));

function windowsOf({ samples }: Recording, everyWindow = false): VoiceWindow[] {
  const pcm = Int16Array.from(samples, floatToPcm16);
  const detector = new VoiceActivityDetector({ weights, everyWindow });
  const windows: VoiceWindow[] = [];
  for (let at = 0; at < pcm.length; at += FRAME_SAMPLES) {
    detector.push(pcm.subarray(at, at + FRAME_SAMPLES), (window) => windows.push({ ...window }));
  }
  return windows;
}

const turnsOf = (windows: readonly VoiceWindow[]) =>
  stretchesOf(windows, TURN_SILENCE_MS).filter(({ speechMs }) => speechMs >= MIN_TURN_SPEECH_MS);
const percent = (part: number, whole: number) => `${Math.round((100 * part) / whole)} %`;
const askedOf = (windows: readonly VoiceWindow[]) => percent(windows.filter(({ probability }) => probability > 0).length, windows.length);
const spread = (values: readonly number[]) =>
  values.length === 0 ? '-' : `${Math.round(quantile(values, 0.5))} / ${Math.round(quantile(values, 0.95))}`;

function speechTable(): void {
  const spaced = corpus.spaced();
  const noisy = ['white', 'pink', 'fan', 'babble'].flatMap((noise) => [20, 10, 5].map((snrDb) => corpus.withNoise(spaced, noise, snrDb)));
  const rows = [spaced, ...noisy].map((recording) => {
    const windows = windowsOf(recording);
    const score = scoreSpeech(windows, recording.speech, UTTERANCE_SILENCE_MS);
    const asked = scoreSpeech(windowsOf(recording, true), recording.speech, UTTERANCE_SILENCE_MS);
    return [
      recording.name,
      spread(score.onsetMs),
      spread(score.offsetMs),
      `${Math.min(...score.voicedEndMs)} / ${spread(score.voicedEndMs)}`,
      `${score.missed} of ${score.utterances}`,
      score.splits,
      score.voicedSplits,
      score.falseStarts,
      askedOf(windows),
      `onset ${spread(asked.onsetMs)}, ${asked.missed} missed, ${asked.splits} split, ${asked.falseStarts} false`,
      DESIGN_SPEECH[recording.name] ?? '',
    ];
  });
  printTable(
    'Speech, ms (median / 95 %)',
    [
      'behind it',
      'onset',
      'offset',
      'voiced end (least / median / 95 %)',
      'missed',
      'split',
      'split, by the voiced end',
      'false starts',
      'windows asked',
      'model never rests',
      'in the design',
    ],
    rows,
  );
}

function noiseTable(): void {
  const rows = corpus.noises().map((recording) => {
    const windows = windowsOf(recording);
    return [
      recording.name,
      stretchesOf(windows, UTTERANCE_SILENCE_MS).length,
      turnsOf(windows).length,
      stretchesOf(windowsOf(recording, true), UTTERANCE_SILENCE_MS).length,
      askedOf(windows),
      DESIGN_NOISE[recording.name] ?? '0 starts',
    ];
  });
  printTable(
    'A minute of noise alone',
    [
      'noise',
      'false starts',
      'false turns (200 ms of speech or more)',
      'false starts, model never rests',
      'windows asked',
      'in the design',
    ],
    rows,
  );
}

function turnTable(): void {
  const ends: { readonly quiet: number[]; readonly noisy: number[] } = { quiet: [], noisy: [] };
  let same = 0;
  const fixtures = corpus.fixtures();
  for (const recording of fixtures) {
    const windows = windowsOf(recording);
    if (turnsOf(windows).length === turnsOf(windowsOf(recording, true)).length) same++;
    ends[recording.name.startsWith('noisy') ? 'noisy' : 'quiet'].push(
      ...scoreSpeech(windows, recording.speech, TURN_SILENCE_MS).voicedEndMs,
    );
  }
  const monologue = corpus.monologue();
  const windows = windowsOf(monologue);
  const [{ startMs, endMs }] = monologue.speech;
  const inside = windows.filter((window) => window.endMs > startMs + 200 && window.endMs <= endMs);
  printTable(
    'Turns',
    ['', ''],
    [
      ['fixtures with as many turns as when the model never rests', `${same} of ${fixtures.length}`],
      ...Object.entries(ends).map(([name, found]) => [
        `voiced end - true end on the fixtures, ${name} (${found.length} voices): least / median / 95 % / most`,
        `${Math.min(...found)} / ${spread(found)} / ${Math.max(...found)} ms`,
      ]),
      [`turns in ${Math.round((endMs - startMs) / 1000)} s of speech without a pause`, turnsOf(windows).length],
      [
        'its longest stretch without a window of speech',
        `${longestGapMs(inside, (window, last) => (window.activity === 'speech' ? window.endMs : last))} ms`,
      ],
      ['the same, counted from the voiced end', `${longestGapMs(inside, ({ voicedEndMs }) => voicedEndMs)} ms`],
    ],
  );
}

function longestGapMs(windows: readonly VoiceWindow[], aliveMs: (window: VoiceWindow, lastMs: number) => number): number {
  let lastMs = windows[0].endMs;
  return Math.max(...windows.map((window) => window.endMs - (lastMs = Math.max(lastMs, aliveMs(window, lastMs)))));
}

function costTable(): void {
  const conversation = corpus.fixtures().find(({ name }) => name === 'conversation-4turns');
  if (!conversation) throw new Error('the fixtures lack conversation-4turns');
  const pcm = Int16Array.from(conversation.samples, floatToPcm16);
  const quiet = pcm.map((_, i) => pcm[i % 16_000]);
  const perSecond = 1000 / VOICE_WINDOW_MS / 1000;
  printTable(
    'Cost, on one thread',
    ['', 'us per window: median', 'least', 'ms per second of audio: median'],
    measureCosts(weights, pcm, quiet).map(({ name, medianUs, leastUs }) => [
      name,
      medianUs.toFixed(1),
      leastUs.toFixed(1),
      (medianUs * perSecond).toFixed(2),
    ]),
  );
}

console.log('# Voice activity\n');
console.log(`${machineFacts()}; WebAssembly SIMD: ${weights.wasm ? 'yes' : 'no'}`);
speechTable();
noiseTable();
turnTable();
costTable();
