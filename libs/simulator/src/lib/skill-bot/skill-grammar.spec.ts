import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildArpa } from '../speech/arpa.ts';
import { expandPhrases } from '../speech/phrase-grammar.ts';
import { STOCK_MODEL_DIRECTORY } from '../speech/recogniser-pool.ts';
import { createSkillBot, SKILLS } from './skill-bot.ts';
import { SKILL_GRAMMAR } from './skill-grammar.ts';

/** The sentences that were understood every time, with every voice. */
const RELIABLE_SENTENCES = [
  'what time is it',
  'what is the date today',
  'what is seven plus five',
  'turn on the kitchen lights',
  'tell me a joke',
  'tell me a long story',
  'my name is peter',
  'what is my name',
  'stop talking please',
  'please repeat that',
  'wait i want to ask something else',
  'convert five miles to kilometers',
  'can you hear me',
  'play some music in the living room',
  'remind me to call my mother at six',
  'tell me another joke',
  'goodbye',
  'turn off the bedroom lights',
  'wait stop',
  'right',
  'my name is david',
];

describe('SKILL_GRAMMAR', () => {
  const sentences = expandPhrases(SKILL_GRAMMAR, { perTemplate: 5, perPlainTemplate: 1 });

  it('contains each template once', () => {
    expect(new Set(SKILL_GRAMMAR.templates).size).toBe(SKILL_GRAMMAR.templates.length);
    expect(SKILL_GRAMMAR.templates.length).toBeGreaterThan(150);
  });

  it.each(RELIABLE_SENTENCES)('expects "%s"', (sentence) => {
    const pattern = (template: string): RegExp =>
      new RegExp(`^${template.replace(/\{(\w+)\}/g, (_, slot: string) => `(?:${SKILL_GRAMMAR.classes[slot].join('|')})`)}$`);
    expect(SKILL_GRAMMAR.templates.some((template) => pattern(template).test(sentence))).toBe(true);
  });

  it('uses only words that the recogniser can pronounce', () => {
    const dictionary = new Set(
      readFileSync(join(STOCK_MODEL_DIRECTORY, 'cmudict-en-us.dict'), 'utf8')
        .split('\n')
        .map((line) => line.split(' ', 1)[0]),
    );
    const words = new Set(sentences.join(' ').split(' '));
    expect(words.size).toBeGreaterThan(200);
    expect([...words].filter((word) => !dictionary.has(word))).toEqual([]);
  });

  it('contains only sentences the skill bot understands, apart from the fallback phrases', () => {
    const bot = createSkillBot({ now: () => new Date(0) });
    const fallbackPhrases = SKILLS.find(({ name }) => name === 'fallback')?.phrases ?? [];
    const misunderstood = sentences.filter((content) => {
      const answer = [...bot.reply([{ role: 'user', content }])].join('');
      return answer.startsWith('I am the built-in demo') && !fallbackPhrases.includes(content) && !content.startsWith('who wrote');
    });
    expect(misunderstood).toEqual([]);
  });

  it('makes a small language model', () => {
    const size = buildArpa(expandPhrases(SKILL_GRAMMAR)).length;
    expect(size).toBeGreaterThan(100_000);
    expect(size).toBeLessThan(300_000);
  });
});
