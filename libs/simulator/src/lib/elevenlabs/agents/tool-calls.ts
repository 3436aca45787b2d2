import { sleep } from '../../server/sleep';

/** The outcome of a tool call; `gone` when the reply that waited for it was stopped. */
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

  /** Delivers a client's result. Does nothing for a call that is unknown, answered already or timed out. */
  settle(id: string, text: string, isError: boolean): void {
    this.#waiting.get(id)?.({ kind: isError ? 'error' : 'result', text });
  }
}
