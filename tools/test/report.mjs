/**
 * What a runner counted.
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 */

/**
 * The counts of a jest `--json` report. A suite that could not even be loaded counts as one failure.
 * @param {string} json
 * @returns {Counts}
 */
export function readJestReport(json) {
  const report = JSON.parse(json);
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/**
 * The counts of a Playwright `json` report. A test that passed only at the second try counts as passed (its runner says so);
 * an error outside the tests (a server that did not start) as one failure.
 * @param {string} json
 * @returns {Counts}
 */
export function readPlaywrightReport(json) {
  const { stats, errors } = JSON.parse(json);
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected + errors.length, skipped: stats.skipped };
}

/**
 * What became of one stage.
 * @typedef {object} StageResult
 * @property {string} name
 * @property {number} seconds wall time
 * @property {string} [problem] why the stage failed, in plain words; absent when it is green
 * @property {string} [notRun] why it is not run on this machine, which is no failure
 * @property {Counts} [counts] of a stage that runs tests and wrote a report
 */

/**
 * Judges a stage that has ended. One that should run tests and ran none has failed, whatever its exit code says.
 * @param {{ name: string, seconds: number, exitCode: number, counts?: Counts, runsTests: boolean }} ended
 * @returns {StageResult}
 */
export function judgeStage({ name, seconds, exitCode, counts, runsTests }) {
  const result = counts ? { name, seconds, counts } : { name, seconds };
  if (counts && counts.failed > 0) return { ...result, problem: `${counts.failed} failed` };
  if (exitCode !== 0) return { ...result, problem: `ended with exit code ${exitCode}` };
  if (runsTests && !counts) return { ...result, problem: 'wrote no report' };
  if (counts && counts.passed === 0) return { ...result, problem: 'no test passed, none failed: nothing was tested' };
  return result;
}

/**
 * All runners added up. A stage that failed without a failed test (lint, a crash, no browser) counts as one failure, so that the
 * closing line never looks green when the run is not.
 * @param {readonly StageResult[]} results
 * @returns {Counts}
 */
export function sumUp(results) {
  return results.reduce(
    (sum, { counts, problem }) => ({
      passed: sum.passed + (counts?.passed ?? 0),
      failed: sum.failed + (counts?.failed || (problem === undefined ? 0 : 1)),
      skipped: sum.skipped + (counts?.skipped ?? 0),
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );
}

/**
 * @param {Counts} counts
 */
export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
