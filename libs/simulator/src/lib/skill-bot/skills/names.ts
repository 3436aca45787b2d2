import { normalise } from '../normalise.ts';
import type { Skill, SkillContext } from '../skill.ts';
import { NAMES } from '../word-classes.ts';

const QUESTION = /\b(?:what is my name|who am i|(?:know|remember) my name|what am i called)\b/;
const STATEMENT = /\b(?:my name is|the users name is|call me) ([\p{Letter}\p{Mark}]+)/u;
/** "I am tired" is no name: only names that are known count here. */
const I_AM = /^i am (\w+)$/;
const NOT_NAMES = new Set(['what', 'not', 'the', 'a', 'an', 'your', 'my', 'back', 'later', 'when', 'if', 'please']);

/** Who the user is, as they said it earlier in this conversation. */
export const names: Skill = {
  name: 'names',
  phrases: ['my name is {name}', 'i am {name}', 'call me {name}', 'what is my name', 'do you remember my name', 'who am i'],
  answer(sentence, context) {
    if (QUESTION.test(sentence)) {
      const name = nameIn(sentence) ?? earlierName(context);
      return name === undefined ? 'You have not told me your name yet.' : `Your name is ${name}.`;
    }
    const name = nameIn(sentence);
    return name === undefined ? undefined : `Nice to meet you, ${name}.`;
  },
};

function earlierName({ history }: SkillContext): string | undefined {
  for (const { role, content } of [...history].reverse()) {
    const name = role === 'user' || role === 'context' ? nameIn(normalise(content)) : undefined;
    if (name !== undefined) return name;
  }
  return undefined;
}

function nameIn(sentence: string): string | undefined {
  const stated = STATEMENT.exec(sentence)?.[1];
  const name = stated ?? NAMES.find((known) => known === I_AM.exec(sentence)?.[1]);
  if (name === undefined || NOT_NAMES.has(name)) return undefined;
  return name.charAt(0).toUpperCase() + name.slice(1);
}
