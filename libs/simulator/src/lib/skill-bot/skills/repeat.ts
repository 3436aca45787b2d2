import type { Skill } from '../skill.ts';

const AGAIN =
  /^(?:repeat(?: that| it)?(?: again)?|say (?:that|it) again|(?:again|once more)|what did you (?:just )?say|what was that|pardon(?: me)?|come again)$/;
const AFTER_ME = /^repeat after me (.+)$/;

/** The last answer again. */
export const repeat: Skill = {
  name: 'repeat',
  phrases: [
    'please repeat that',
    'repeat that please',
    'repeat that',
    'say that again',
    'say that again please',
    'can you repeat that',
    'what did you say',
    'repeat after me',
  ],
  answer(sentence, { history }) {
    const said = AFTER_ME.exec(sentence);
    if (said !== null) return `${said[1].charAt(0).toUpperCase()}${said[1].slice(1)}.`;
    if (sentence === 'repeat after me') return 'Say: repeat after me, and then the words.';
    if (!AGAIN.test(sentence)) return undefined;
    const last = history.findLast(({ role, content }) => role === 'assistant' && content.trim() !== '');
    return last?.content ?? 'I have not said anything yet.';
  },
};
