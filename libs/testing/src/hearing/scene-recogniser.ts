import { hasVoice } from '@parley/simulator';

/** What a recogniser writes of a stretch of sound: PCM s16 mono 16 kHz. It says nothing before it is asked. */
export type SceneRecogniser = (pcm: Int16Array) => string;

/** What it writes; which words does not matter. */
const WORDS = 'what is that';

/** The built-in recogniser: it writes something for every sound with a voice in it, and nothing for others. */
export const writesForVoices: SceneRecogniser = (pcm) => (hasVoice(pcm) ? WORDS : '');

/** A recogniser that invents words for every noise that it is given. */
export const writesForEverything: SceneRecogniser = () => WORDS;
