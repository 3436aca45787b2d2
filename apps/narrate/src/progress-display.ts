import { clock, count } from './wording';

/** Where the progress is shown: the standard error, or what a test has in its place. */
export interface Terminal {
  /** Whether a line can be written over. */
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface Progress {
  done: number;
  total: number;
  /** Audio that is ready. */
  durationMs: number;
}

const BAR_WIDTH = 30;
const USUAL_COLUMNS = 80;
const START_OF_LINE = '\r\u001b[K';

/** Shows how far an episode is: a bar in a terminal, else a line for each tenth of the segments. */
export class ProgressDisplay {
  readonly #terminal: Terminal;
  #tenths = 0;
  /** What stands in the line that is written over. */
  #line = '';

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  show({ done, total, durationMs }: Progress): void {
    const text = `${done} of ${count(total, 'segment')}, ${clock(durationMs)} of audio`;
    if (this.#terminal.isTTY) {
      const filled = total === 0 ? 0 : Math.round((done / total) * BAR_WIDTH);
      this.#over(`[${'#'.repeat(filled)}${'.'.repeat(BAR_WIDTH - filled)}] ${text}`);
      return;
    }
    const tenths = total === 0 ? 0 : Math.floor((done / total) * 10);
    if (tenths <= this.#tenths) return;
    this.#tenths = tenths;
    this.#terminal.write(`${text}\n`);
  }

  /** Says what comes behind the segments. */
  say(text: string): void {
    if (this.#terminal.isTTY) this.#over(text);
    else this.#terminal.write(`${text}\n`);
  }

  /** Leaves an empty line for what is written next. Idempotent. */
  end(): void {
    if (this.#line !== '') this.#terminal.write(START_OF_LINE);
    this.#line = '';
  }

  #over(text: string): void {
    // A line that is broken by the terminal could not be written over. Some terminals do not know their width, and say 0.
    const line = text.slice(0, (this.#terminal.columns || USUAL_COLUMNS) - 1);
    if (line === this.#line) return;
    this.#line = line;
    this.#terminal.write(START_OF_LINE + line);
  }
}
