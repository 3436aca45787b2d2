/**
 * `npm test`: every stage in order, each with its wall time; stops at the first that fails, and before the first when one cannot run at all.
 *   --keep-going            run all stages whatever fails or is missing
 *   --only=unit,api-e2e     run these only (the end-to-end stages need a build)
 * The last line adds up all runners: `N passed, N failed, N skipped`. It is also left in tmp/reports/summary.txt.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { closingLine, sumUp } from './test/report.mjs';
import { runStage } from './test/run-stage.mjs';
import { REPORT_DIR, STAGES } from './test/stages.mjs';

const { values } = parseArgs({ options: { 'keep-going': { type: 'boolean', default: false }, only: { type: 'string' } } });
const only = values.only?.split(',');
const unknown = only?.filter((name) => !STAGES.some((stage) => stage.name === name)) ?? [];
if (unknown.length > 0) {
  console.error(`No stage is called ${unknown.join(', ')}. There are: ${STAGES.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

rmSync(REPORT_DIR, { recursive: true, force: true });
mkdirSync(REPORT_DIR, { recursive: true });

let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => (interrupted = true));

const stages = STAGES.filter(({ name }) => only?.includes(name) ?? true);
/** @type {import('./test/report.mjs').StageResult[]} */
const results = [];
// Missing requirements are reported now, with what to do about them, and not after minutes of earlier stages.
const blocked = stages.flatMap(({ name, obstacle }) => {
  const problem = obstacle?.();
  return problem === undefined ? [] : [{ name, seconds: 0, problem }];
});
for (const { name, problem } of blocked) console.error(`== ${name} cannot run: ${problem}`);
if (blocked.length > 0 && !values['keep-going']) results.push(...blocked);

for (const stage of results.length > 0 ? [] : stages) {
  console.log(`\n== ${stage.name}`);
  const result = await runStage(stage);
  results.push(result);
  if (result.problem !== undefined) console.error(`== ${stage.name} failed: ${result.problem}`);
  if (result.notRun !== undefined) console.log(`== ${stage.name} is not run: ${result.notRun}`);
  if (interrupted || (result.problem !== undefined && !values['keep-going'])) break;
}

console.log('');
for (const { name } of stages) {
  const result = results.find((candidate) => candidate.name === name);
  const verdict = result ? (result.problem ?? (result.notRun === undefined ? 'ok' : 'not run')) : 'not run';
  const counted = result?.counts ? `  ${closingLine(result.counts)}` : '';
  console.log(`${name.padEnd(14)} ${(result?.seconds ?? 0).toFixed(1).padStart(7)} s  ${verdict}${counted}`);
}
const summary = closingLine(sumUp(results));
writeFileSync(join(REPORT_DIR, 'summary.txt'), `${summary}\n`);
console.log(summary);
process.exitCode = interrupted || results.some(({ problem }) => problem !== undefined) ? 1 : 0;
