/**
 * Puts the spoken utterances together into recordings and writes what is true of each into manifest.json.
 *   node build-recordings.mjs <folder of spoken utterances> <output folder> <utterances.txt>
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { babbleOf, click, cough, fan, keyboard, pink, slam, white } from './noises.mjs';
import { extentOf, gainOf, readWav, rms, SAMPLE_RATE_HZ, SAMPLES_PER_MS, scaleToPeak, seededRandom, writeWav } from './samples.mjs';

const SPEECH_DBFS = -24;
const FLOOR_DBFS = -72;
const SOUND_PEAK = 0.35;
/** Near silence behind the last word: longer than the 900 ms that end a turn. */
const TAIL_MS = 1_300;

const [spokenFolder, outputFolder, list] = process.argv.slice(2);

/** @type {Map<string, { voice: string, text: string }>} */
const utterances = new Map(
  readFileSync(list, 'utf8')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))
    .map((line) => line.split('|'))
    .map(([id, voice, text]) => [id, { voice, text }]),
);

/** @type {Map<string, Float32Array>} */
const spoken = new Map();

/** What is said in an utterance, without the silence around it, at the level of all speech. @param {string} id */
function speech(id) {
  let samples = spoken.get(id);
  if (!samples) {
    const whole = readWav(join(spokenFolder, `${id}.wav`));
    samples = whole.slice(...extentOf(whole));
    const gain = gainOf(SPEECH_DBFS) / rms(samples);
    for (let at = 0; at < samples.length; at++) samples[at] *= gain;
    spoken.set(id, samples);
  }
  return samples;
}

const engineOf = (/** @type {string} */ voice) => (voice.startsWith('fest') ? 'festival' : voice.split('-')[0]);

/** @type {Record<string, import('./noises.mjs').Noise>} */
const NOISES = {
  white,
  pink,
  fan,
  babble: (length, random) => babbleOf([...utterances.keys()].filter((id) => !id.includes('espeak')).map(speech))(length, random),
};

/** @type {object[]} */
const files = [];
let seed = 1;

/**
 * Writes one recording.
 * @param {string} file
 * @param {string} kind
 * @param {readonly (number | string)[]} parts in order: milliseconds of silence, or the id of an utterance
 * @param {{ noise?: string, snr?: number, gainDb?: number, extra?: import('./noises.mjs').Noise, expect?: object, note?: string }} [options]
 */
function record(file, kind, parts, { noise, snr = 0, gainDb = 0, extra, expect, note } = {}) {
  const random = seededRandom(seed++);
  let length = 0;
  const placed = [];
  const said = [];
  for (const part of parts) {
    if (typeof part === 'number') {
      length += part * SAMPLES_PER_MS;
      continue;
    }
    const samples = speech(part);
    const { voice, text } = /** @type {{ voice: string, text: string }} */ (utterances.get(part));
    const times = { startMs: length / SAMPLES_PER_MS, endMs: (length + samples.length) / SAMPLES_PER_MS };
    placed.push({ start: length, samples });
    said.push({ ...times, text, voice, engine: engineOf(voice) });
    length += samples.length;
  }

  const mixed = new Float32Array(length);
  const mixIn = (/** @type {Float32Array} */ sound, /** @type {number} */ gain, start = 0) =>
    sound.forEach((sample, index) => (mixed[start + index] += sample * gain));
  for (const { start, samples } of placed) mixIn(samples, gainOf(gainDb), start);
  const floor = white(length, random);
  mixIn(floor, gainOf(FLOOR_DBFS) / rms(floor));
  if (noise) {
    const background = NOISES[noise](length, random);
    mixIn(background, gainOf(SPEECH_DBFS + gainDb - snr) / rms(background));
  }
  if (extra) mixIn(scaleToPeak(extra(length, random), SOUND_PEAK), 1);
  writeWav(join(outputFolder, file), mixed);

  files.push({
    file,
    kind,
    durationMs: length / SAMPLES_PER_MS,
    text: said.map(({ text }) => text).join(' '),
    speech: said,
    gaps: said.slice(1).map(({ startMs }, index) => ({ startMs: said[index].endMs, endMs: startMs, ms: startMs - said[index].endMs })),
    noise: noise ? { type: noise, snrDb: snr } : { type: extra ? `${extra.name}+floor` : 'floor', floorDbfs: FLOOR_DBFS },
    speechLevelDbfs: said.length > 0 ? SPEECH_DBFS + gainDb : null,
    ...(expect ? { expect } : {}),
    ...(note ? { note } : {}),
  });
}

const CLEAN = {
  time: 'u-time',
  date: 'u-date',
  sum: 'u-sum',
  lights: 'u-lights',
  joke: 'u-joke',
  story: 'u-story',
  name: 'u-name',
  myname: 'u-myname',
  stop: 'u-stop',
  repeat: 'u-repeat',
  convert: 'u-convert',
  'remind-kal': 'u-remind',
  'music-fest': 'u-music',
};
const ONE_TURN = { expect: { turns: 1 } };

for (const [name, utterance] of Object.entries(CLEAN)) record(`clean-${name}.wav`, 'clean', [400, utterance, TAIL_MS], ONE_TURN);
record('clean-time-quiet.wav', 'clean', [500, 'u-time', TAIL_MS], { ...ONE_TURN, gainDb: -20, note: 'same words 20 dB quieter' });
record('clean-time-espeak.wav', 'clean', [500, 'u-espeak', TAIL_MS], {
  ...ONE_TURN,
  note: 'VAD only: pocketsphinx does not recognise this voice',
});

for (const pauseMs of [500, 850, 950]) {
  const expect = pauseMs < 900 ? { turns: 1, endOfTurnMs: 900 } : { turns: 2, endOfTurnMs: 900 };
  const note = pauseMs < 900 ? undefined : 'with a plain 900 ms silence rule; VAD lag moves the measured pause by up to about 60 ms';
  record(`pause-${pauseMs}-slt.wav`, 'pause', [500, 'u-p1', pauseMs, 'u-p2', TAIL_MS], { expect: note ? { ...expect, note } : expect });
  record(`pause-${pauseMs}-kal.wav`, 'pause', [500, 'u-q1', pauseMs, 'u-q2', TAIL_MS], { expect });
}
record('pause-1200-slt.wav', 'pause', [500, 'u-p1', 1200, 'u-p2', TAIL_MS], { expect: { turns: 2, endOfTurnMs: 900 } });

for (const sound of [cough, click, keyboard, slam]) {
  record(`burst-${sound.name}.wav`, 'noise-burst', [3000], { extra: sound, expect: { turns: 0 } });
}
record('burst-keyboard-speech.wav', 'noise-burst', [500, 'u-time', TAIL_MS], { ...ONE_TURN, extra: keyboard, note: 'typing under speech' });

for (const word of ['uhhuh', 'okay', 'right']) {
  record(`backchannel-${word}.wav`, 'backchannel', [500, `u-${word}`, 1400], { expect: { interrupts: false } });
}
for (const [name, utterance] of Object.entries({ short: 'u-justwait', else: 'u-else', '5s': 'u-long5' })) {
  record(`interrupt-${name}.wav`, 'interruption', [300, utterance, TAIL_MS], { expect: { interrupts: true } });
}

for (const noise of ['pink', 'babble']) {
  for (const snr of [20, 10, 5]) {
    record(`noisy-${noise}-${snr}db.wav`, 'noisy', [1000, 'u-lights', TAIL_MS], { ...ONE_TURN, noise, snr });
  }
}
for (const noise of ['white', 'fan']) {
  record(`noisy-${noise}-10db.wav`, 'noisy', [1000, 'u-lights', TAIL_MS], { ...ONE_TURN, noise, snr: 10 });
}

record('conversation-4turns.wav', 'conversation', [1500, 'u-name', 6000, 'u-sum', 6000, 'u-myname', 6000, 'u-time', 2000], {
  expect: { turns: 4 },
  note: 'for a fake microphone: the assistant has 6 s to answer between turns',
});
record('conversation-interrupt.wav', 'conversation', [1500, 'u-story', 6000, 'u-stop', 5000, 'u-time', 2000], {
  expect: { turns: 3 },
  note: 'second utterance falls while the assistant tells its story',
});

const manifest = {
  format: { sampleRate: SAMPLE_RATE_HZ, channels: 1, encoding: 'pcm_s16le', container: 'wav' },
  measure: "speech start/end: first and last 10 ms frame within 38 dB of the utterance's loudest frame, before noise is added",
  speechLevelDbfs: SPEECH_DBFS,
  floorDbfs: FLOOR_DBFS,
  files,
};
writeFileSync(join(outputFolder, 'manifest.json'), JSON.stringify(manifest, null, 1));
