import { type EndOfTurnHint, type SilenceBounds, WORDS_END_OF_TURN } from '../turns/end-of-turn-hint';

/** The name of the hint that judges by words alone. */
export const WORDS_HINT = 'words';

/** Hints that a replay can ask again. Of any other it only knows the recorded answers. */
export const KNOWN_HINTS: Readonly<Record<string, EndOfTurnHint>> = { [WORDS_HINT]: WORDS_END_OF_TURN };

/** Asks `hint` and notes its answers, for the journal. */
export class NotedHint implements EndOfTurnHint {
  private answers: number[] = [];

  constructor(private readonly hint: EndOfTurnHint) {}

  requiredSilenceMs(transcript: string, silenceMs: number, bounds: SilenceBounds): number {
    const answer = this.hint.requiredSilenceMs(transcript, silenceMs, bounds);
    this.answers.push(answer);
    return answer;
  }

  /** The answers since the last time. */
  take(): readonly number[] {
    const { answers } = this;
    if (answers.length > 0) this.answers = [];
    return answers;
  }
}

/** Gives recorded answers. Asked more often than the journal was, it has no opinion: the usual silence. */
export class RecordedHint implements EndOfTurnHint {
  private answers: readonly number[] = [];
  private next = 0;

  load(answers: readonly number[]): void {
    this.answers = answers;
    this.next = 0;
  }

  requiredSilenceMs(_transcript: string, _silenceMs: number, { usualMs }: SilenceBounds): number {
    return this.answers[this.next++] ?? usualMs;
  }
}
