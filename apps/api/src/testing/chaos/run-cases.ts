import { monitorEventLoopDelay } from 'node:perf_hooks';

/**
 * The watchdogs of the chaos suites are short. One that goes off after this process has stood still for so long says nothing of the server:
 * the vendor, which lives in the same process, stood still as well.
 */
const STANDSTILL_MS = 150;
const MAX_RUNS = 4;

/** Runs all cases, one after the other in each server; what each resolves with is its error, if it has one. Never rejects. */
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

/** Undefined when it went well. A failure while the machine had no time for this process is none, until it does not go away. */
async function errorOf(run: () => Promise<void>): Promise<unknown> {
  for (let runs = 1; ; runs++) {
    const delays = monitorEventLoopDelay({ resolution: 10 });
    delays.enable();
    try {
      await run();
      return undefined;
    } catch (error) {
      if (runs === MAX_RUNS || delays.max / 1e6 < STANDSTILL_MS) return error;
    } finally {
      delays.disable();
    }
  }
}
