import { type EndOfTurnHint, type SilenceBounds, WORDS_END_OF_TURN } from '../turns/end-of-turn-hint';

/** The name of the hint that judges by words alone. */
export const WORDS_HINT = 'words';

/** The hints that a replay can ask again. For any other hint it only has the recorded answers. */
export const KNOWN_HINTS: Readonly<Record<string, EndOfTurnHint>> = { [WORDS_HINT]: WORDS_END_OF_TURN };

/** Asks `hint` and records its answers for the journal. */
export class NotedHint implements EndOfTurnHint {
  private answers: number[] = [];

  constructor(private readonly hint: EndOfTurnHint) {}

  requiredSilenceMs(transcript: string, silenceMs: number, bounds: SilenceBounds): number {
    const answer = this.hint.requiredSilenceMs(transcript, silenceMs, bounds);
    this.answers.push(answer);
    return answer;
  }

  /** The answers since the last call. */
  take(): readonly number[] {
    const { answers } = this;
    if (answers.length > 0) this.answers = [];
    return answers;
  }
}

/** Returns recorded answers. When it is asked more often than the recorded hint was, it requests the usual silence. */
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
