/** A rule bot that answers like a chat model, with no key and no model. */
export type { ChatMessage } from './skill.ts';
export * from './skill-bot.ts';
export * from './skill-grammar.ts';
