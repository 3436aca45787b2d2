import { normalise } from '../normalise.ts';
import type { Skill, SkillContext } from '../skill.ts';

/** About 80 seconds of speech: long enough to be interrupted in. */
export const LONG_STORY: readonly string[] = [
  'Once upon a time there was a small dragon called Ember.',
  'She lived in a cave above a quiet village, and she was afraid of the dark.',
  'That is unusual for a dragon, because a dragon can make her own light.',
  'But Ember had never learned to breathe fire.',
  'Every evening she watched the windows of the village turn yellow, one after another, and she wished for a lamp of her own.',
  'One winter night a storm came over the mountain.',
  'The wind blew out every lamp, and the snow covered the road.',
  'Far below, Ember heard a child calling for help.',
  'She stood at the mouth of her cave and looked into the black night.',
  'Her heart was beating like a drum, but she spread her wings and jumped.',
  'She followed the little voice through the snow, until she found a boy under a broken tree.',
  'I cannot see the way home, said the boy.',
  'Neither can I, said Ember.',
  'So they sat close together, and both were a little less afraid.',
  'Then a snowflake settled on her nose, and Ember had to sneeze.',
  'Out came a flame as bright as the morning.',
  'It lit the tree, and the road, and the whole white valley.',
  'Ember carried the boy home, and she sneezed at every corner to find the way.',
  'From that night on, she lit the lamps of the village every evening.',
  'And when somebody asked her whether she was still afraid of the dark, she smiled and said: only until I sneeze.',
  'That is the end of the story.',
];

const SHORT_STORY: readonly string[] = [
  'A traveller asked an old man how far it was to the city.',
  'Walk, said the old man.',
  'The traveller was offended, but he walked.',
  'Two hours, the old man called after him, now that I have seen how fast you go.',
];

const REQUEST = /\b(?:story|fairy tale)\b/;
const SHORT = /\bshort\b/;
const CONTINUE = /^(?:go on|continue|keep going|carry on|go ahead|and then|what happened (?:next|then))(?: (?:the|with the|your) story)?$/;
const FROM_THE_START = /^(?:start over|start again|from the (?:start|beginning))$/;
/** Words of a sentence that must have been heard to know that it had begun. */
const RECOGNISABLE_WORDS = 4;

/** A long story, which goes on where it was interrupted, and a short one. */
export const stories: Skill = {
  name: 'stories',
  phrases: [
    'tell me a story',
    'tell me a long story',
    'tell me a short story',
    'read me a story',
    'tell me a story about a dragon',
    'go on',
    'continue',
    'continue please',
    'keep going',
    'start over',
  ],
  answer(sentence, { history }) {
    if (CONTINUE.test(sentence)) return goOn(history);
    if (FROM_THE_START.test(sentence)) return lastRequest(history) < 0 ? 'Gladly, but what? Ask me for a story.' : tell(LONG_STORY);
    if (!REQUEST.test(sentence)) return undefined;
    return tell(SHORT.test(sentence) ? SHORT_STORY : LONG_STORY);
  },
};

function goOn(history: SkillContext['history']): string {
  const told = history.findLastIndex(({ role, content }) => role === 'assistant' && sentencesTold(content) !== undefined);
  const request = lastRequest(history);
  if (told < 0 && request < 0) return 'There is nothing to go on with. Ask me for a long story.';
  // Asked for again since, or cut off before a word of it was kept.
  if (told < request) return tell(LONG_STORY);
  const rest = LONG_STORY.slice(sentencesTold(history[told].content));
  return rest.length === 0 ? 'That was the whole story. Ask me for a joke.' : tell(rest);
}

function lastRequest(history: SkillContext['history']): number {
  return history.findLastIndex(({ role, content }) => {
    const sentence = normalise(content);
    return role === 'user' && REQUEST.test(sentence) && !SHORT.test(sentence) && !CONTINUE.test(sentence);
  });
}

function tell(sentences: readonly string[]): string {
  return `Sure. ${sentences.join(' ')}`;
}

/** How many sentences of the long story a message had told to their end; undefined when none had begun. */
function sentencesTold(content: string): number | undefined {
  const text = normalise(content);
  const complete = LONG_STORY.findLastIndex((sentence) => text.includes(normalise(sentence))) + 1;
  const begun = LONG_STORY.findLastIndex((sentence) =>
    text.includes(normalise(sentence).split(' ').slice(0, RECOGNISABLE_WORDS).join(' ')),
  );
  return begun < 0 ? undefined : Math.max(complete, begun);
}
