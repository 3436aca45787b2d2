import type { DialogueInput } from './dialogue-message';

/** The vendor holds text until it has this many characters and this many words, as integrators have observed. */
const HELD_CHARACTERS = 40;
const HELD_WORDS = 8;

/** Text that one voice speaks in one go. */
export interface Batch {
  text: string;
  voiceId: string;
}

/** Decides when the text of a dialogue is voiced: when there is enough of it, when another voice or turn follows, or on a flush. */
export class DialogueBuffer {
  #held = '';
  #voiceId = '';

  /** Adds text; returns what is to be voiced now, in order. */
  push({ text, voiceId, newTurn }: DialogueInput): Batch[] {
    const before = newTurn || voiceId !== this.#voiceId ? this.flush() : undefined;
    this.#voiceId = voiceId;
    // A batch does not begin with white space that nothing was said before.
    if (this.#held !== '' || text.trim() !== '') this.#held += text;
    const words = this.#held.match(/\S+/g)?.length ?? 0;
    const own = this.#held.length >= HELD_CHARACTERS && words >= HELD_WORDS ? this.flush() : undefined;
    return [before, own].filter((batch) => batch !== undefined);
  }

  /** All held text, if there is any. */
  flush(): Batch | undefined {
    const text = this.#held;
    this.#held = '';
    return text === '' ? undefined : { text, voiceId: this.#voiceId };
  }
}
