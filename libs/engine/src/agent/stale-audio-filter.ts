/** What is not to be heard. `textDue`: the text of the reply that was stopped is still to come. `words`: what was said before. */
type Muted = { textDue: boolean } | { words: string };

/**
 * Keeps back what the agent goes on to say of a reply that was stopped here, of which the agent knows nothing; or what it has said before.
 * Audio cannot be told apart by itself: the text that comes with it tells where another reply begins.
 */
export class StaleAudioFilter {
  private muted: Muted | undefined;

  /** Whether audio is kept back. */
  get isOn(): boolean {
    return this.muted !== undefined;
  }

  /** The rest of a reply; `textDue`: its text, too, unless another reply's comes first. */
  rest(textDue: boolean): void {
    // Words that were said before may still come, whatever is stopped meanwhile.
    if (!this.muted || !('words' in this.muted)) this.muted = { textDue };
  }

  /** The agent was told something new: of the reply that was stopped no text comes any more. */
  noTextDue(): void {
    if (this.muted && 'textDue' in this.muted) this.muted.textDue = false;
  }

  /** The next reply, if it says this. */
  words(words: string): void {
    this.muted = { words: words.trim() };
  }

  /** What comes now is to be heard. */
  lift(): void {
    this.muted = undefined;
  }

  /** Whether a piece of text, or the whole `text`, is kept back. The text of another reply ends that. */
  hides(text?: string): boolean {
    const { muted } = this;
    if (!muted) return false;
    if ('words' in muted) {
      if (text === undefined || text.trim() === muted.words) return true;
    } else if (muted.textDue) {
      if (text !== undefined) muted.textDue = false;
      return true;
    }
    this.lift();
    return false;
  }
}
