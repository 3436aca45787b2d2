import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { ROOT, scriptEnv } from '../setup/paths.mjs';
import { judgeStage } from './report.mjs';

/**
 * Runs one stage to its end and passes its output on. Never rejects: a failure is the result's `problem`.
 * @param {import('./stages.mjs').Stage} stage
 * @returns {Promise<import('./report.mjs').StageResult>}
 */
export async function runStage({ name, command, obstacle, absence, env, report }) {
  // A report of an earlier run must not be counted for this one.
  if (report) rmSync(report.file, { force: true });
  const problem = obstacle?.();
  if (problem !== undefined) return { name, seconds: 0, problem };
  const notRun = absence?.();
  if (notRun !== undefined) return { name, seconds: 0, notRun };
  const startedMs = performance.now();
  const exitCode = await run(command, { ...scriptEnv(), ...env?.() });
  const seconds = (performance.now() - startedMs) / 1000;
  return judgeStage({ name, seconds, exitCode, counts: report && readReport(report), runsTests: report !== undefined });
}

/**
 * @param {readonly string[]} command
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>}
 */
function run([program, ...args], env) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: ROOT, env, stdio: 'inherit', shell: process.platform === 'win32' });
    // A terminal's Ctrl+C reaches the child by itself, a signal sent to us alone does not.
    const pass = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
    const settle = (/** @type {number} */ exitCode) => {
      process.off('SIGINT', pass).off('SIGTERM', pass);
      resolve(exitCode);
    };
    process.on('SIGINT', pass).on('SIGTERM', pass);
    child.once('error', (error) => {
      console.error(error.message);
      settle(127);
    });
    child.once('exit', (code) => settle(code ?? 1));
  });
}

/**
 * @param {NonNullable<import('./stages.mjs').Stage['report']>} report
 * @returns {import('./report.mjs').Counts | undefined}
 */
function readReport({ file, read }) {
  try {
    return read(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
