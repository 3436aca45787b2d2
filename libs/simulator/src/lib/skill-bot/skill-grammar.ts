import type { PhraseGrammar } from '../speech/phrase-grammar.ts';
import { SKILLS } from './skill-bot.ts';
import { WORD_CLASSES } from './word-classes.ts';

/** Every sentence the skills ask to be recognised: the domain of the recogniser's language model. */
export const SKILL_GRAMMAR: PhraseGrammar = { templates: SKILLS.flatMap(({ phrases }) => phrases), classes: WORD_CLASSES };
