import type { Pronunciation } from '@parley/narration';
import type { EpisodePronunciation } from '../storage';

/** As scripts have them. */
export const toPronunciation = ({ word, say, alphabet }: EpisodePronunciation): Pronunciation =>
  alphabet === 'ipa' ? { word, ipa: say } : { word, spelling: say };

/** As they are kept, and as the vendors take them. */
export const toStoredPronunciation = (entry: Pronunciation): EpisodePronunciation =>
  'ipa' in entry ? { word: entry.word, say: entry.ipa, alphabet: 'ipa' } : { word: entry.word, say: entry.spelling, alphabet: 'spelling' };
