import { withoutEmoji } from './emoji';
import { withoutInlineMarkup } from './markdown-inline';
import { withoutLineMarkup } from './markdown-lines';

/**
 * A sentence as a voice should read it: without Markdown marks, link addresses and emoji. Only marks that are really markup are removed:
 * words of any script, addresses, names in code and calculations stay as they are. Empty when there is nothing to say.
 */
export function speakableText(sentence: string): string {
  const lines = sentence.split('\n').map((line) => withoutInlineMarkup(withoutLineMarkup(line)));
  const text = withoutEmoji(lines.join('\n')).replace(/\s+/gu, ' ').trim();
  return /[\p{L}\p{N}]/u.test(text) ? text : '';
}
