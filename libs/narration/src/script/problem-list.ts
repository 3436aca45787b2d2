import { type LineMap } from './line-map';
import { type ScriptProblem } from './script';

/** More would not help whoever corrects the script. */
const PROBLEMS_MAX = 100;

/** Collects problems by their offset in the source. */
export class ProblemList {
  readonly #lines: LineMap;
  readonly #problems: { offset: number; message: string }[] = [];

  constructor(lines: LineMap) {
    this.#lines = lines;
  }

  add(offset: number, message: string): void {
    this.#problems.push({ offset, message });
  }

  /** The problems in the order of their places. */
  list(): ScriptProblem[] {
    return this.#problems
      .toSorted((a, b) => a.offset - b.offset)
      .slice(0, PROBLEMS_MAX)
      .map(({ offset, message }) => ({ ...this.#lines.position(offset), message }));
  }
}
