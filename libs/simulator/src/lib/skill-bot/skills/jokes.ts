import { normalise } from '../normalise.ts';
import type { Skill, SkillContext } from '../skill.ts';

const REQUEST = /\bjokes?\b|^(?:something funny|make me laugh)$/;
const ANOTHER = /^(?:another one|one more)$/;

/** Told in this order. */
export const JOKES: readonly string[] = [
  'Here is one. Why did the clock go to the kitchen? Because it wanted seconds.',
  'All right. What does a cloud wear under its raincoat? Thunderwear.',
  'Listen. Why was the calendar so nervous? Its days were numbered.',
  'Okay. I asked the library for a book about glue. I still cannot put it down.',
  'Sure. Why do programmers never get lost in the forest? They follow the logs.',
  'Good one coming. What do you call a bear without teeth? A gummy bear.',
  'Well. My robot told me it needed a break. So I dropped it.',
  'Here we go. Why did the microphone blush? It overheard everything.',
];

/** Jokes, the next one each time. */
export const jokes: Skill = {
  name: 'jokes',
  phrases: ['tell me a joke', 'tell me another joke', 'another joke please', 'do you know a joke', 'can you tell me a joke'],
  answer(sentence, context) {
    const lastTold = context.history.findLastIndex(({ role, content }) => role === 'assistant' && jokeIn(content) >= 0);
    if (!REQUEST.test(sentence) && !(ANOTHER.test(sentence) && lastTold >= 0)) return undefined;
    return JOKES[nextJoke(lastTold, context)];
  },
};

/** After the last joke told; a request whose answer is not in the history (it was interrupted) has used one up too. */
function nextJoke(lastTold: number, { history }: SkillContext): number {
  const unanswered = history.slice(lastTold + 1).filter(({ role, content }) => role === 'user' && REQUEST.test(normalise(content))).length;
  const next = lastTold < 0 ? 0 : jokeIn(history[lastTold].content) + 1;
  return (next + unanswered) % JOKES.length;
}

/** Which joke a message tells, even if it was cut short after its first question; -1 for none. */
function jokeIn(content: string): number {
  const text = normalise(content);
  return JOKES.findIndex((joke) => text.includes(normalise(joke.split(/[.?] /)[1])));
}
