/** A message of the conversation, as a chat completion request carries it. */
export interface ChatMessage {
  role: string;
  content: string;
}

/** What a skill may know beside the sentence itself. All memory is in `history`: the bot keeps none between requests. */
export interface SkillContext {
  /** The messages before the sentence, oldest first. */
  history: readonly ChatMessage[];
  now: Date;
  /** IANA name; the machine's zone without. */
  timeZone: string | undefined;
  /** 0 (inclusive) to 1 (exclusive); the same for the same conversation and seed. */
  random(): number;
}

/** One thing the bot can do. */
export interface Skill {
  name: string;
  /** Sentences that ask for it, with `{class}` slots (`word-classes.ts`): training text of the recogniser's language model. */
  phrases: readonly string[];
  /** The answer in plain words and sentences, or undefined when the sentence (normalised) is none of this skill's. */
  answer(sentence: string, context: SkillContext): string | undefined;
}
