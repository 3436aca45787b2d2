import { signal } from '@angular/core';
import { heardLength } from '@parley/client';
import type { TranscriptEntry, TranscriptLine, TranscriptSpeaker } from '../ui/transcript-list';

/** Older entries leave the page, so that a day of talking does not fill it. */
const MAX_ENTRIES = 500;

type LinePatch = Partial<Pick<TranscriptLine, 'turn' | 'text' | 'final' | 'interrupted' | 'heardLength' | 'speaker'>>;

/**
 * What was said, as the page shows it. Fed with the server's messages in the order they come;
 * results of a turn that was stopped are dropped here.
 */
export class Transcript {
  private readonly list = signal<readonly TranscriptEntry[]>([]);
  /** Oldest first. */
  readonly entries = this.list.asReadonly();
  private nextId = 1;
  private stoppedThroughTurn = 0;

  /** The server's transcript of a user turn: partial ones replace each other, the final one stays. `speaker` where there are several people. */
  heard(turn: number, text: string, isFinal: boolean, speaker?: TranscriptSpeaker): void {
    const line = this.find('user', turn) ?? this.typedWaiting(text, speaker);
    if (!isFinal && turn <= this.stoppedThroughTurn) return;
    if (text === '') {
      // What sounded like words was none.
      if (line && isFinal) this.remove(line);
      return;
    }
    if (line) {
      this.change(line, { turn, text, final: isFinal, ...(speaker && { speaker }) });
      return;
    }
    const reply = this.find('assistant', turn);
    this.insert({ ...this.newLine('user', turn, speaker), text, final: isFinal }, reply);
  }

  /** Text the visitor, or `speaker`, sent; its turn number follows. */
  typed(text: string, speaker?: TranscriptSpeaker): void {
    this.insert({ ...this.newLine('user', undefined, speaker), text, final: true });
  }

  /** The server took up a user turn: typed text (this one, if given) that waits for its number is that turn, in the place of words half heard. */
  turnBegan(turn: number, text?: string): void {
    const waiting = this.typedWaiting(text);
    if (!waiting) return;
    const halfHeard = this.find('user', turn);
    if (halfHeard?.final) return;
    if (halfHeard) this.remove(halfHeard);
    this.change(waiting, { turn });
  }

  /**
   * A piece of the reply; the final one may carry the whole of it. More may follow a final one, where something was done in between. To a
   * stopped reply nothing is added, but it may be corrected: a whole that brings nothing new is what was heard of it.
   */
  replied(turn: number, text: string, isFinal: boolean, fullText: string | undefined, speaker?: TranscriptSpeaker): void {
    const line = this.find('assistant', turn);
    if (turn <= this.stoppedThroughTurn) {
      if (isFinal && text === '' && line && fullText !== undefined) this.correct(line, fullText);
      return;
    }
    const goesOn = line?.final === true && /^\S/.test(text);
    const whole = fullText ?? `${line?.text ?? ''}${goesOn ? ' ' : ''}${text}`;
    if (line) this.change(line, { text: whole, final: isFinal });
    else if (whole !== '') this.insert({ ...this.newLine('assistant', turn, speaker), text: whole, final: isFinal });
  }

  /**
   * A turn was stopped: its reply stays as far as it came, and nothing is added to it. So do words of the visitor that were only half
   * heard, unless the visitor went on speaking (`wordsComeAgain`): then the next turn's transcript begins with them.
   */
  stopped(turn: number, wordsComeAgain = false): void {
    this.stoppedThroughTurn = Math.max(this.stoppedThroughTurn, turn);
    const halfHeard = this.find('user', turn);
    if (halfHeard && !halfHeard.final) {
      if (wordsComeAgain) this.remove(halfHeard);
      else this.change(halfHeard, { final: true });
    }
    const line = this.find('assistant', turn);
    if (line) this.change(line, { final: true, interrupted: true });
  }

  /** The listener has heard these words of a reply that was stopped. */
  heardOf(turn: number, heardText: string): void {
    const line = this.find('assistant', turn);
    if (line) this.change(line, { heardLength: heardLength(line.text, heardText) });
  }

  /** The conversation is over: whatever was still being said stays as it is, and an unfinished reply was cut off. */
  settle(): void {
    this.list.update((entries) =>
      entries.map((entry) =>
        entry.kind === 'line' && !entry.final ? { ...entry, final: true, interrupted: entry.role === 'assistant' } : entry,
      ),
    );
    this.stoppedThroughTurn = 0;
  }

  /** Marks that another conversation begins below, whose turns are numbered from the start. */
  divide(text: string): void {
    this.settle();
    const last = this.list().at(-1);
    if (last && last.kind !== 'divider') this.insert({ kind: 'divider', id: this.nextId++, text });
  }

  /** An empty page. */
  clear(): void {
    this.list.set([]);
    this.stoppedThroughTurn = 0;
  }

  /** The lines of the running conversation, newest first. */
  private current(): TranscriptLine[] {
    const lines: TranscriptLine[] = [];
    for (const entry of this.list().toReversed()) {
      if (entry.kind === 'divider') break;
      lines.push(entry);
    }
    return lines;
  }

  private find(role: TranscriptLine['role'], turn: number): TranscriptLine | undefined {
    return this.current().find((line) => line.role === role && line.turn === turn);
  }

  /** The oldest typed text without a turn number, if it is this text or any is asked for, of this speaker where there are several. */
  private typedWaiting(text?: string, speaker?: TranscriptSpeaker): TranscriptLine | undefined {
    return this.current().findLast(
      (line) =>
        line.role === 'user' &&
        line.turn === undefined &&
        (text === undefined || line.text === text) &&
        line.speaker?.identity === speaker?.identity,
    );
  }

  /** A reply of which nothing was heard keeps its words: an empty line would tell nobody what was stopped. */
  private correct(line: TranscriptLine, heardText: string): void {
    if (heardText.trim() === '') this.change(line, { heardLength: 0 });
    else if (heardText !== line.text) this.change(line, { text: heardText, heardLength: undefined });
  }

  private newLine(role: TranscriptLine['role'], turn: number | undefined, speaker?: TranscriptSpeaker): TranscriptLine {
    const empty = { text: '', final: false, interrupted: false, heardLength: undefined };
    return { kind: 'line', id: this.nextId++, role, turn, ...empty, ...(speaker && { speaker }) };
  }

  private insert(entry: TranscriptEntry, before?: TranscriptEntry): void {
    this.list.update((entries) => {
      const index = before ? entries.indexOf(before) : entries.length;
      return [...entries.slice(0, index), entry, ...entries.slice(index)].slice(-MAX_ENTRIES);
    });
  }

  private remove(line: TranscriptLine): void {
    this.list.update((entries) => entries.filter((entry) => entry !== line));
  }

  private change(line: TranscriptLine, patch: LinePatch): void {
    this.list.update((entries) => entries.map((entry) => (entry === line ? { ...line, ...patch } : entry)));
  }
}
