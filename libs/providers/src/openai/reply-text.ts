import { findMarker, type Meaning, unfinishedMarker } from './reply-markers';

/** Behind a mark that stands in its line like a word. */
const STANDS_ALONE = /^[\s.,;:!?)]/u;

/** Text that counts as thought unless nothing closes it. */
interface Doubt {
  /** The mark that opened it; '' where the beginning of the reply is taken for a thought. */
  mark: string;
  text: string;
}

/**
 * Tells what a model says from what it thinks and from the marks of its template, in text that comes in pieces of any size. Holds back only
 * what may still turn out to be part of a mark. A value per reply.
 */
export class ReplyText {
  #mode: 'reply' | 'thought' | 'foreign' = 'reply';
  /** What has come and is not decided on. */
  #pending = '';
  /** What has been passed on of the current line. */
  #line = '';
  #hasText = false;
  /** White space before the first word: nothing to be passed on as long as thoughts may follow. */
  #indent = '';
  /** Something was left out since then. */
  #isBehindGap = false;
  #sawThought = false;
  #endedUnopened = false;
  #doubt: Doubt | undefined;

  /** `startsInThought`: this model's server leaves out the mark that opens the thoughts, so that only their end is seen. */
  constructor(startsInThought: boolean) {
    if (!startsInThought) return;
    this.#mode = 'thought';
    this.#doubt = { mark: '', text: '' };
  }

  /** The model has begun to write other people's messages: nothing of the reply follows. */
  get isOver(): boolean {
    return this.#mode === 'foreign';
  }

  /** The reply held the end of a thought that was not opened. */
  get endedUnopened(): boolean {
    return this.#endedUnopened;
  }

  /** What of the text is part of the reply, as far as that is known. */
  push(text: string): string {
    this.#pending += text;
    return this.#take(false);
  }

  /** The text is complete: what was held back. */
  end(): string {
    const said = this.#take(true) + this.#resolved();
    return this.#hasText ? said : this.#indent;
  }

  /** A thought that was none. */
  #resolved(): string {
    if (this.#mode !== 'thought' || !this.#doubt) return '';
    const { mark, text } = this.#doubt;
    if (mark !== '' && !STANDS_ALONE.test(text)) return '';
    this.#mode = 'reply';
    this.#isBehindGap = false;
    return this.#pass(mark + text);
  }

  #take(isWhole: boolean): string {
    let said = '';
    while (this.#mode !== 'foreign') {
      const knownLength = isWhole ? this.#pending.length : unfinishedMarker(this.#pending);
      const search = { before: this.#mode === 'reply' ? this.#line : '', isWhole: isWhole || knownLength < this.#pending.length };
      const marker = findMarker(this.#pending.slice(0, knownLength), search);
      if (marker === 'open') break;
      const { start, end } = marker ?? { start: knownLength, end: knownLength };
      const mark = this.#pending.slice(start, end);
      said += this.#pass(this.#pending.slice(0, start));
      this.#pending = this.#pending.slice(end);
      if (!marker) break;
      if (this.#mode === 'thought') this.#turnInThought(mark, marker.meaning);
      else this.#turnInReply(mark, marker.meaning);
    }
    return said;
  }

  #turnInThought(mark: string, meaning: Meaning): void {
    const isUnopened = this.#doubt?.mark === '';
    switch (meaning) {
      case 'thought-end':
        this.#endedUnopened ||= isUnopened;
        return this.#leaveThought('reply');
      case 'reply':
      case 'foreign':
        return this.#leaveThought(meaning);
      case 'thought':
        if (isUnopened && this.#doubt?.text.trim() === '') this.#doubt = undefined;
        else if (this.#doubt) this.#doubt.text += mark;
        return;
      case 'nothing':
    }
  }

  #leaveThought(mode: 'reply' | 'foreign'): void {
    this.#mode = mode;
    this.#doubt = undefined;
    this.#sawThought = true;
    this.#isBehindGap = true;
  }

  #turnInReply(mark: string, meaning: Meaning): void {
    this.#isBehindGap ||= meaning !== 'nothing';
    if (meaning === 'foreign') this.#mode = 'foreign';
    if (meaning === 'thought-end') this.#endedUnopened ||= !this.#sawThought;
    if (meaning !== 'thought') return;
    this.#mode = 'thought';
    this.#doubt = /\S\s+$/u.test(this.#line) ? { mark, text: '' } : undefined;
  }

  /** Text between marks: what is to be passed on of it. */
  #pass(text: string): string {
    if (this.#mode === 'thought') {
      if (this.#doubt) this.#doubt.text += text;
      return '';
    }
    if (this.#isBehindGap && !this.#hasText) this.#indent = '';
    const joined = this.#indent + (this.#isBehindGap ? this.#joined(text) : text);
    this.#indent = '';
    if (joined === '') return '';
    if (!this.#hasText && joined.trim() === '') {
      this.#indent = joined;
      return '';
    }
    this.#hasText = true;
    this.#line = (this.#line + joined).split('\n').at(-1) ?? '';
    this.#isBehindGap = false;
    return joined;
  }

  /** White space behind what was left out is the template's, unless it keeps words apart; these are kept apart anyway. */
  #joined(text: string): string {
    if (text === '') return '';
    if (!this.#hasText || this.#line === '' || /\s$/u.test(this.#line)) return text.trimStart();
    return /^[\s\p{P}]/u.test(text) ? text : ` ${text}`;
  }
}
