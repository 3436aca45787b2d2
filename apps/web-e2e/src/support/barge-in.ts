import { gains, type Recording, rms } from './recording';

/** How an interruption sounded, in milliseconds from the first sound of the voice. Undefined where the speech had a pause. */
export interface BargeIn {
  readonly duckedMs: number | undefined;
  readonly silentMs: number | undefined;
  /** Samples that were not 0 between the silence and the next reply. */
  readonly lateSamples: number;
}

const WINDOW_MS = 5;
/** -45 dBFS: a voice at the microphone. */
const VOICED = 10 ** (-45 / 20);
const DUCKED_GAIN = 0.5;
/** The old reply must have been audible: its audio is loud within this time after the last sample that was played. */
const SOON_MS = 60;
const LOUD = 0.02;
const LOOK_BACK_MS = 60;

/** When a voice begins, to 5 ms: looked for around the moment that the blocks of 20 ms tell. */
export function onsetSample({ samples, rateHz, startMs }: Recording, aroundMs: number): number {
  const window = Math.round((WINDOW_MS * rateHz) / 1000);
  const from = Math.round(((aroundMs - LOOK_BACK_MS - startMs) * rateHz) / 1000);
  for (let at = Math.max(0, from); at + window <= samples.length; at += window) if (rms(samples, at, window) > VOICED) return at;
  throw new Error('there is no voice');
}

/**
 * Looks at one interruption: `speech` is the interrupted reply as it would have been played, `shift` where it was in what was heard, `onset` the
 * sample at which the voice began, `until` the sample at which the next reply was due at the earliest.
 */
export function bargeInAt(heard: Recording, speech: Float32Array, shift: number, onset: number, until: number): BargeIn {
  const { samples, rateHz } = heard;
  const toMs = (count: number): number => (count * 1000) / rateHz;
  const window = Math.round((WINDOW_MS * rateHz) / 1000);
  const track = gains(samples, speech, shift, window, onset - shift);
  const ducked = track.findIndex((gain) => gain !== undefined && gain < DUCKED_GAIN);
  let last = until - 1;
  while (last > onset && samples[last] === 0) last--;
  let silent = onset;
  // The first silence longer than a fade and a block together: after it nothing may be played.
  for (let zeros = 0; silent < until && zeros < 10 * window; silent++) zeros = samples[silent] === 0 ? zeros + 1 : 0;
  const silence = silent - 10 * window;
  const soon = Math.round((SOON_MS * rateHz) / 1000);
  const wasThere = silence - shift + soon <= speech.length && loudest(speech, silence - shift, soon, window) > LOUD;
  let lateSamples = 0;
  for (let at = silence; at < until; at++) if (samples[at] !== 0) lateSamples++;
  return { duckedMs: ducked < 0 ? undefined : toMs(ducked * window), silentMs: wasThere ? toMs(silence - onset) : undefined, lateSamples };
}

function loudest(speech: Float32Array, from: number, count: number, window: number): number {
  let most = 0;
  for (let at = from; at + window <= from + count; at += window) most = Math.max(most, rms(speech, at, window));
  return most;
}
