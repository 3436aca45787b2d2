import type { TestPerson } from './test-person';
import { poll } from '@parley/testing/client';

/** Bounds what will never happen. How soon it does is not asserted here. */
const TIMEOUT_MS = 60_000;
/** More than any click, less than the shortest answer. */
const ANSWER_MS = 400;
/** In this time nothing is missed that would have been said. */
const QUIET_MS = 1_500;

export const assistantsOf = (person: TestPerson): string[] => person.others.filter((identity) => identity.startsWith('agent-'));

/** Resolves with the identity of the only assistant, other than those given, when it listens. */
export async function assistantListens(person: TestPerson, ...others: string[]): Promise<string> {
  const ready = async (): Promise<string[]> => {
    const listening = new Set(
      person.inbox
        .states()
        .filter(({ state }) => state === 'listening')
        .map(({ of }) => of),
    );
    return assistantsOf(person).filter((identity) => listening.has(identity) && !others.includes(identity));
  };
  const [identity] = await poll('an assistant that listens', ready, (identities) => identities.length === 1, TIMEOUT_MS);
  return identity;
}

/** How much this person has heard of all assistants since that moment, in ms of sound. */
export const heardMs = (person: TestPerson, sinceMs: number): number =>
  [...person.voices.values()]
    .filter(({ identity }) => identity.startsWith('agent-'))
    .reduce((sum, voice) => sum + voice.soundMs(sinceMs), 0);

/** Resolves when this person has heard an assistant speak after that moment, with when it began. */
export async function hearsAssistant(person: TestPerson, sinceMs: number): Promise<number> {
  await poll(
    'the voice of an assistant',
    async () => heardMs(person, sinceMs),
    (ms) => ms >= ANSWER_MS,
    TIMEOUT_MS,
  );
  const begins = [...person.voices.values()]
    .filter(({ identity }) => identity.startsWith('agent-'))
    .map((voice) => voice.firstSoundAfter(sinceMs) ?? Infinity);
  return Math.min(...begins);
}

/** Resolves when no assistant has made a sound for a while. */
export async function assistantIsQuiet(person: TestPerson): Promise<void> {
  await poll(
    'silence',
    async () => heardMs(person, performance.now() - QUIET_MS),
    (ms) => ms === 0,
    TIMEOUT_MS,
  );
}

/** Resolves with the assistant's words that match, however they were cut into segments. */
export async function assistantSays(person: TestPerson, words: RegExp): Promise<string> {
  const said = async (): Promise<string> =>
    person.inbox
      .transcripts()
      .filter(({ from }) => from.startsWith('agent-'))
      .map(({ text }) => text)
      .join(' ');
  return poll(`an assistant that says ${words}`, said, (text) => words.test(text), TIMEOUT_MS);
}

/** How long two assistants were heard at the same time, in ms; 0 when there were never two voices. */
export function bothHeardMs(person: TestPerson): number {
  const times = new Map<number, Set<string>>();
  for (const { identity, frames } of person.voices.values()) {
    if (!identity.startsWith('agent-')) continue;
    for (const { atMs, level } of frames) {
      if (level <= 200) continue;
      const slot = Math.floor(atMs / 100);
      times.set(slot, (times.get(slot) ?? new Set()).add(identity));
    }
  }
  return [...times.values()].filter((identities) => identities.size > 1).length * 100;
}
