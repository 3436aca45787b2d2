import { createHash } from 'node:crypto';
import type { Pronunciation } from '../../ports/narration';
import { ProviderError } from '../../ports/provider-error';
import { asObject, asString } from '../../shared/json';
import { ELEVEN_LABS } from '../eleven-labs-errors';
import type { VendorRequests } from './vendor-requests';

/** How a request names a dictionary. */
export interface DictionaryLocator {
  pronunciation_dictionary_id: string;
  version_id: string;
}

const MOST_KEPT = 100;

/** Makes dictionaries at the vendor, one for each list of pronunciations, and remembers their names. */
export class PronunciationDictionaries {
  readonly #made = new Map<string, Promise<DictionaryLocator>>();

  constructor(private readonly requests: VendorRequests) {}

  /** Returns the dictionary of a list of pronunciations. Rejects with `ProviderError`, also when aborted. */
  async locate(pronunciations: readonly Pronunciation[], signal: AbortSignal): Promise<DictionaryLocator> {
    const rules = pronunciations.map(rule);
    const key = createHash('sha256').update(JSON.stringify(rules)).digest('hex');
    const known = this.#made.get(key);
    if (known) return known;
    const made = this.#make(`parley-${key.slice(0, 16)}`, rules, signal);
    this.#made.set(key, made);
    made.catch(() => this.#made.delete(key));
    const [oldest] = this.#made.keys();
    if (this.#made.size > MOST_KEPT && oldest !== undefined) this.#made.delete(oldest);
    return made;
  }

  async #make(name: string, rules: readonly object[], signal: AbortSignal): Promise<DictionaryLocator> {
    const answer = asObject(await this.requests.post('/v1/pronunciation-dictionaries/add-from-rules', { name, rules }, signal));
    const id = asString(answer?.['id']);
    const version = asString(answer?.['version_id']);
    if (id === undefined || version === undefined) {
      throw new ProviderError(ELEVEN_LABS, 'bad_response', 'elevenlabs did not name the dictionary that it made');
    }
    return { pronunciation_dictionary_id: id, version_id: version };
  }
}

const rule = ({ word, say, alphabet }: Pronunciation): object =>
  alphabet === 'ipa'
    ? { type: 'phoneme', string_to_replace: word, phoneme: say, alphabet: 'ipa' }
    : { type: 'alias', string_to_replace: word, alias: say };
