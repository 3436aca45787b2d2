import { randomId, type Random } from '../../random';
import { isObject } from '../../server/json';
import type { PronunciationRule } from './pronunciation-rule';

export interface PronunciationDictionary {
  id: string;
  versionId: string;
  name: string;
  description: string | null;
  createdUnix: number;
  rules: readonly PronunciationRule[];
}

/** Why dictionaries cannot be used. */
export interface LocatorProblem {
  status: 'invalid_pronunciation_dictionary_locators' | 'pronunciation_dictionary_not_found';
  message: string;
}

const MOST_LOCATORS = 3;
/** Only this many are kept, so that a simulator which runs for days does not grow. */
const MOST_DICTIONARIES = 1000;

/** The account's pronunciation dictionaries. */
export class PronunciationDictionaries {
  readonly #byId = new Map<string, PronunciationDictionary>();

  constructor(private readonly random: Random) {}

  add(name: string, description: string | null, rules: readonly PronunciationRule[]): PronunciationDictionary {
    const dictionary = {
      id: randomId(this.random, 20),
      versionId: randomId(this.random, 20),
      name,
      description,
      createdUnix: Math.floor(Date.now() / 1000),
      rules,
    };
    this.#byId.set(dictionary.id, dictionary);
    const [oldest] = this.#byId.keys();
    if (this.#byId.size > MOST_DICTIONARIES && oldest !== undefined) this.#byId.delete(oldest);
    return dictionary;
  }

  /** All dictionaries, newest first. */
  get all(): readonly PronunciationDictionary[] {
    return [...this.#byId.values()].reverse();
  }

  find(id: string): PronunciationDictionary | undefined {
    return this.#byId.get(id);
  }

  /** The rules of the dictionaries that a request or message names, in order; none when it names none. */
  rulesOf(locators: unknown): readonly PronunciationRule[] | LocatorProblem {
    if (locators === undefined || locators === null) return [];
    if (!Array.isArray(locators) || locators.length > MOST_LOCATORS) {
      const message = `pronunciation_dictionary_locators must be a list of at most ${MOST_LOCATORS}.`;
      return { status: 'invalid_pronunciation_dictionary_locators', message };
    }
    const rules: PronunciationRule[] = [];
    for (const locator of locators as unknown[]) {
      const id = isObject(locator) ? locator['pronunciation_dictionary_id'] : undefined;
      const versionId = isObject(locator) ? (locator['version_id'] ?? undefined) : undefined;
      const dictionary = typeof id === 'string' ? this.find(id) : undefined;
      if (!dictionary || (versionId !== undefined && versionId !== dictionary.versionId)) {
        return { status: 'pronunciation_dictionary_not_found', message: `The pronunciation dictionary ${String(id)} was not found.` };
      }
      rules.push(...dictionary.rules);
    }
    return rules;
  }
}
