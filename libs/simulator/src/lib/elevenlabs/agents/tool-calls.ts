import { sleep } from '../../server/sleep';

/** What became of a tool call; `gone` when nobody waits for it any more. */
export type ToolOutcome = { kind: 'result' | 'error'; text: string } | { kind: 'timeout' | 'gone' };

/** The calls that a client has not answered yet. */
export class ToolCalls {
  readonly #waiting = new Map<string, (outcome: ToolOutcome) => void>();

  /** Waits for the result of a call until `timeoutMs` have passed or `signal` is aborted. */
  async wait(id: string, timeoutMs: number, signal: AbortSignal): Promise<ToolOutcome> {
    const over = new AbortController();
    const answered = new Promise<ToolOutcome>((resolve) => this.#waiting.set(id, resolve));
    const patience = sleep(timeoutMs, AbortSignal.any([signal, over.signal])).then((passed): ToolOutcome => ({
      kind: passed ? 'timeout' : 'gone',
    }));
    try {
      return await Promise.race([answered, patience]);
    } finally {
      this.#waiting.delete(id);
      over.abort();
    }
  }

  /** A client's result. For a call that does not wait (unknown, answered already, or too late) it does nothing. */
  settle(id: string, text: string, isError: boolean): void {
    this.#waiting.get(id)?.({ kind: isError ? 'error' : 'result', text });
  }
}
