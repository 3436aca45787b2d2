import type { Voice } from '@parley/providers';
import { CommandLineError } from './command-line';

/** Finds voices by id or, in upper or lower case, by name. Where the list is not known, what was given is the id. */
export class VoiceNames {
  readonly #voices: readonly Voice[] | undefined;

  constructor(voices: readonly Voice[] | undefined) {
    this.#voices = voices;
  }

  /** The id of a voice. Throws `CommandLineError` if there is no such voice, or several have the name. */
  idOf(given: string): string {
    const voices = this.#voices;
    if (!voices || voices.some(({ id }) => id === given)) return given;
    const named = voices.filter(({ name }) => name.toLowerCase() === given.toLowerCase());
    const [found] = named;
    if (found && named.length === 1) return found.id;
    if (found) throw new CommandLineError(`${named.length} voices are called "${given}"; give the id: ${listOf(named)}`);
    throw new CommandLineError(`there is no voice "${given}". Voices: ${listOf(voices)}`);
  }
}

const listOf = (voices: readonly Voice[]): string => voices.map(({ id, name }) => `${id} (${name})`).join(', ');
