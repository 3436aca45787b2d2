import { findMarker, type Meaning, unfinishedMarker } from './reply-markers';

/** Matches the text after a tag that stands in its line like a word. */
const STANDS_ALONE = /^[\s.,;:!?)]/u;

/** Text that counts as reasoning unless no tag closes it. */
interface Doubt {
  /** The tag that opened it; '' if the beginning of the reply is assumed to be reasoning. */
  mark: string;
  text: string;
}

/**
 * Separates the spoken text of a model from its reasoning and from the control tokens of its template, in text that arrives in pieces of
 * any size. Only text that may still be part of a tag is held back. Each reply needs its own instance.
 */
export class ReplyText {
  #mode: 'reply' | 'thought' | 'foreign' = 'reply';
  /** Text that has arrived but has not been classified yet. */
  #pending = '';
  /** The text of the current line that has been passed on. */
  #line = '';
  #hasText = false;
  /** White space before the first word, which is not passed on as long as reasoning may follow. */
  #indent = '';
  /** True if something was left out since the last text was passed on. */
  #isBehindGap = false;
  #sawThought = false;
  #endedUnopened = false;
  #doubt: Doubt | undefined;

  /** `startsInThought` is true if the server leaves out the tag that opens the reasoning, so that only the closing tag appears. */
  constructor(startsInThought: boolean) {
    if (!startsInThought) return;
    this.#mode = 'thought';
    this.#doubt = { mark: '', text: '' };
  }

  /** True once the model has begun to write messages of others, so that nothing of the reply follows. */
  get isOver(): boolean {
    return this.#mode === 'foreign';
  }

  /** True if the reply contained a closing tag of reasoning without an opening one. */
  get endedUnopened(): boolean {
    return this.#endedUnopened;
  }

  /** Returns the part of the text that belongs to the reply, as far as that is known. */
  push(text: string): string {
    this.#pending += text;
    return this.#take(false);
  }

  /** Ends the text and returns the part that was held back. */
  end(): string {
    const said = this.#take(true) + this.#resolved();
    return this.#hasText ? said : this.#indent;
  }

  /** Resolves text that was assumed to be reasoning but was not. */
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

  /** Returns the part of text between tags that is to be passed on. */
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

  /** White space after text that was left out belongs to the template, unless it separates words. Words are kept separate in any case. */
  #joined(text: string): string {
    if (text === '') return '';
    if (!this.#hasText || this.#line === '' || /\s$/u.test(this.#line)) return text.trimStart();
    return /^[\s\p{P}]/u.test(text) ? text : ` ${text}`;
  }
}
