import { monitorEventLoopDelay } from 'node:perf_hooks';

/**
 * When the event loop was blocked for this long during a case, the failure of the case says nothing about the server: the timeouts in these
 * suites are short, and the simulated vendors, which run in the same process, were blocked as well.
 */
const BLOCKED_MS = 150;
const MAX_RUNS = 4;

/**
 * Distributes the cases over the servers and runs them one after the other on each server. The result of a case is its error, if it failed;
 * it never rejects.
 */
export function runCases<Server, Case>(
  servers: readonly Server[],
  cases: readonly Case[],
  run: (server: Server, chaos: Case) => Promise<void>,
): Map<Case, Promise<unknown>> {
  const results = new Map<Case, Promise<unknown>>();
  servers.forEach((server, position) => {
    let last: Promise<unknown> = Promise.resolve();
    for (const chaos of cases.filter((_, index) => index % servers.length === position)) {
      last = last.then(() => errorOf(() => run(server, chaos)));
      results.set(chaos, last);
    }
  });
  return results;
}

/**
 * Returns the error of a case; undefined when it succeeded. A case that failed while the event loop was blocked is run again, up to
 * `MAX_RUNS` runs in all.
 */
async function errorOf(run: () => Promise<void>): Promise<unknown> {
  for (let runs = 1; ; runs++) {
    const delays = monitorEventLoopDelay({ resolution: 10 });
    delays.enable();
    try {
      await run();
      return undefined;
    } catch (error) {
      if (runs === MAX_RUNS || delays.max / 1e6 < BLOCKED_MS) return error;
    } finally {
      delays.disable();
    }
  }
}
