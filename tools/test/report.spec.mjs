import { closingLine, judgeStage, readJestReport, readPlaywrightReport, sumUp } from './report.mjs';

const jestReport = (/** @type {object} */ changes) =>
  JSON.stringify({
    numPassedTests: 0,
    numFailedTests: 0,
    numRuntimeErrorTestSuites: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    ...changes,
  });

describe('the report of jest', () => {
  it('counts tests, suites that could not be loaded, and skipped tests', () => {
    const report = jestReport({
      numPassedTests: 12,
      numFailedTests: 2,
      numRuntimeErrorTestSuites: 1,
      numPendingTests: 3,
      numTodoTests: 4,
    });
    expect(readJestReport(report)).toEqual({ passed: 12, failed: 3, skipped: 7 });
  });
});

describe('the report of Playwright', () => {
  it('counts tests, and errors outside them as failures', () => {
    const report = JSON.stringify({ stats: { expected: 5, flaky: 1, unexpected: 2, skipped: 3 }, errors: [{ message: 'no server' }] });
    expect(readPlaywrightReport(report)).toEqual({ passed: 6, failed: 3, skipped: 3 });
  });
});

describe('the verdict on a stage', () => {
  const green = { passed: 3, failed: 0, skipped: 0 };
  const ended = { name: 'unit', seconds: 1.5, exitCode: 0, runsTests: true };

  it('is good when its command and its tests succeed', () => {
    expect(judgeStage({ ...ended, counts: green })).toEqual({ name: 'unit', seconds: 1.5, counts: green });
  });

  it('is good without tests when none were expected', () => {
    expect(judgeStage({ ...ended, runsTests: false })).toEqual({ name: 'unit', seconds: 1.5 });
  });

  it.each([
    ['a failed test', { counts: { passed: 3, failed: 1, skipped: 0 }, exitCode: 1 }, '1 failed'],
    ['a failed test that the command kept to itself', { counts: { passed: 3, failed: 1, skipped: 0 } }, '1 failed'],
    ['green tests and a command that failed', { counts: green, exitCode: 3 }, 'ended with exit code 3'],
    ['a command that failed', { runsTests: false, exitCode: 1 }, 'ended with exit code 1'],
    ['no report', {}, 'wrote no report'],
    ['no tests', { counts: { passed: 0, failed: 0, skipped: 0 } }, 'no test passed, none failed: nothing was tested'],
    ['skipped tests only', { counts: { passed: 0, failed: 0, skipped: 4 } }, 'no test passed, none failed: nothing was tested'],
  ])('is bad for %s', (_, changes, problem) => {
    expect(judgeStage({ ...ended, ...changes })).toMatchObject({ problem });
  });
});

describe('the closing line', () => {
  it('adds up all runners', () => {
    const sum = sumUp([
      { name: 'build', seconds: 1 },
      { name: 'unit', seconds: 1, counts: { passed: 10, failed: 0, skipped: 1 } },
      { name: 'web-e2e', seconds: 1, counts: { passed: 2, failed: 3, skipped: 0 }, problem: '3 failed' },
    ]);
    expect(closingLine(sum)).toBe('12 passed, 3 failed, 1 skipped');
  });

  it('counts a stage that failed without a failed test as a failure', () => {
    const sum = sumUp([
      { name: 'lint', seconds: 1, problem: 'ended with exit code 1' },
      { name: 'unit', seconds: 1, counts: { passed: 10, failed: 0, skipped: 0 }, problem: 'ended with exit code 1' },
    ]);
    expect(closingLine(sum)).toBe('10 passed, 2 failed, 0 skipped');
  });

  it('does not count a stage that was not run', () => {
    const sum = sumUp([
      { name: 'unit', seconds: 1, counts: { passed: 10, failed: 0, skipped: 0 } },
      { name: 'rooms-e2e', seconds: 0, notRun: 'no server' },
    ]);
    expect(closingLine(sum)).toBe('10 passed, 0 failed, 0 skipped');
  });

  it('shows zeros when nothing ran', () => {
    expect(closingLine(sumUp([]))).toBe('0 passed, 0 failed, 0 skipped');
  });
});
