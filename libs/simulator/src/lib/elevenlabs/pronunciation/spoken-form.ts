import type { SpeechModel } from '../model-catalogue';
import type { PronunciationRule } from './pronunciation-rule';

/** Directions to the speaker, such as `[laughs]`. The dialogue models follow them, the others read them out. */
const AUDIO_TAG = /\[[^[\]]*\]/g;

interface Part {
  text: string;
  /** Made by a rule, so that no other rule applies to it. */
  isReplaced: boolean;
}

/** What a model speaks for a text: pronunciation rules are applied, the first that fits, and directions are left out. */
export function spokenForm(model: SpeechModel, rules: readonly PronunciationRule[], text: string): string {
  const read = model.dialogueVoices > 0 ? text.replace(AUDIO_TAG, ' ') : text;
  let parts: Part[] = [{ text: read, isReplaced: false }];
  for (const rule of rules) {
    parts = parts.flatMap((part) => (part.isReplaced ? [part] : applied(rule, part.text, model)));
  }
  return parts.map((part) => part.text).join('');
}

function applied(rule: PronunciationRule, text: string, model: SpeechModel): Part[] {
  const parts: Part[] = [];
  let at = 0;
  for (const match of text.matchAll(patternOf(rule))) {
    parts.push({ text: text.slice(at, match.index), isReplaced: false }, { text: replacementOf(rule, match[0], model), isReplaced: true });
    at = match.index + match[0].length;
  }
  return [...parts, { text: text.slice(at), isReplaced: false }];
}

/**
 * The vendor documents that a model which does not take phonemes silently skips the word. Where it takes them the word is spoken as it is
 * written, because the embedded synthesiser reads no phonemes.
 */
function replacementOf({ type, replacement }: PronunciationRule, word: string, model: SpeechModel): string {
  if (type === 'alias') return replacement;
  return model.takesPhonemes ? word : '';
}

function patternOf({ stringToReplace, caseSensitive, wordBoundaries }: PronunciationRule): RegExp {
  const word = stringToReplace.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return new RegExp(wordBoundaries ? `(?<![\\p{L}\\p{N}])${word}(?![\\p{L}\\p{N}])` : word, caseSensitive ? 'gu' : 'giu');
}
