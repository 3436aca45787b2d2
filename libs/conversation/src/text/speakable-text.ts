import { withoutEmoji } from './emoji';
import { withoutInlineMarkup } from './markdown-inline';
import { withoutLineMarkup } from './markdown-lines';

/**
 * A sentence as a voice should read it: without Markdown signs, link addresses and emoji. Signs are left out where they are markup only; words
 * of any script, addresses, names in code and calculations stay as they are. Empty when nothing is left to say.
 */
export function speakableText(sentence: string): string {
  const lines = sentence.split('\n').map((line) => withoutInlineMarkup(withoutLineMarkup(line)));
  const text = withoutEmoji(lines.join('\n')).replace(/\s+/gu, ' ').trim();
  return /[\p{L}\p{N}]/u.test(text) ? text : '';
}
