import { normalise, withoutCourtesies } from './normalise.ts';
import type { ChatMessage, Skill, SkillContext } from './skill.ts';
import { arithmetic } from './skills/arithmetic.ts';
import { chores } from './skills/chores.ts';
import { clock } from './skills/clock.ts';
import { control } from './skills/control.ts';
import { fallback } from './skills/fallback.ts';
import { games } from './skills/games.ts';
import { jokes } from './skills/jokes.ts';
import { names } from './skills/names.ts';
import { repeat } from './skills/repeat.ts';
import { smallTalk } from './skills/small-talk.ts';
import { stories } from './skills/stories.ts';
import { units } from './skills/units.ts';

/** Every skill; the first that knows a sentence answers it, and the last knows every one. */
export const SKILLS: readonly Skill[] = [
  clock,
  arithmetic,
  units,
  names,
  repeat,
  jokes,
  stories,
  games,
  chores,
  smallTalk,
  control,
  fallback,
];

export interface SkillBotOptions {
  now: () => Date;
  /** IANA name; the machine's zone without. */
  timeZone?: string;
  /** For the coin and the dice. */
  seed?: number;
}

/** A chat model without a model: rules, the same answer to the same messages at the same time. */
export interface SkillBot {
  /**
   * The answer to the last user message, word by word as a model streams it: every word but the first with its space in
   * front. Plain sentences, the first one short. Remembers nothing between calls.
   */
  reply(messages: readonly ChatMessage[]): Iterable<string>;
}

export function createSkillBot({ now, timeZone, seed = 1 }: SkillBotOptions): SkillBot {
  return {
    reply: (conversation) => {
      const messages = inMessages(conversation);
      const last = messages.findLastIndex(({ role }) => role === 'user');
      const history = last < 0 ? messages : messages.slice(0, last);
      const sentence = last < 0 ? '' : normalise(messages[last].content);
      return wordsOf(answer(sentence, { history, now: now(), timeZone, random: randomFor(seed, history.length) }));
    },
  };
}

/** A client joins what a user has said in several goes; the bot answers the last of it. */
const inMessages = (messages: readonly ChatMessage[]): ChatMessage[] =>
  messages.flatMap((message) => message.content.split(/\n{2,}/).map((content) => ({ ...message, content })));

function answer(sentence: string, context: SkillContext): string {
  // As it was said first: "hi there" and "no, wait" are themselves made of polite words.
  for (const form of new Set([sentence, withoutCourtesies(sentence)])) {
    for (const skill of SKILLS) {
      const found = skill === fallback ? undefined : skill.answer(form, context);
      if (found !== undefined) return found;
    }
  }
  return fallback.answer(sentence, context) ?? '';
}

function* wordsOf(text: string): Generator<string> {
  for (const [piece] of text.trim().matchAll(/\s*\S+/g)) yield piece;
}

/** Numbers that depend on the seed and the length of the conversation alone. */
function randomFor(seed: number, turn: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1) ^ Math.imul(turn + 1, 0x85ebca6b);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x100000000;
  };
}
