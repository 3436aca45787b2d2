import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runStage } from './run-stage.mjs';

const folder = mkdtempSync(join(tmpdir(), 'run-stage-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = join(folder, 'report.json');
const script = (/** @type {string} */ text) => ['node', '-e', text];
const writeReport = `require('node:fs').writeFileSync(${JSON.stringify(file)}, process.env.REPORT)`;
const read = (/** @type {string} */ json) => JSON.parse(json);
const green = { passed: 2, failed: 0, skipped: 0 };

describe('runStage', () => {
  it('returns the counts of the command, which runs with its own environment', async () => {
    const result = await runStage({
      name: 'unit',
      command: script(writeReport),
      env: () => ({ REPORT: JSON.stringify(green) }),
      report: { file, read },
    });
    expect(result).toEqual({ name: 'unit', seconds: expect.any(Number), counts: green });
  });

  it('does not count the report of an earlier run', async () => {
    writeFileSync(file, JSON.stringify(green));
    const result = await runStage({ name: 'unit', command: script(''), report: { file, read } });
    expect(result).toEqual({ name: 'unit', seconds: expect.any(Number), problem: 'wrote no report' });
  });

  it('treats an incomplete report as missing', async () => {
    const result = await runStage({
      name: 'unit',
      command: script(writeReport),
      env: () => ({ REPORT: '{"passed":' }),
      report: { file, read },
    });
    expect(result).toMatchObject({ problem: 'wrote no report' });
  });

  it('does not run what this machine cannot have, and does not call that a failure', async () => {
    const result = await runStage({
      name: 'rooms-e2e',
      command: script('process.exit(7)'),
      absence: () => 'no server',
      report: { file, read },
    });
    expect(result).toEqual({ name: 'rooms-e2e', seconds: 0, notRun: 'no server' });
  });

  it('reports the exit code of a command that fails', async () => {
    const result = await runStage({ name: 'lint', command: script('process.exit(7)') });
    expect(result).toMatchObject({ problem: 'ended with exit code 7' });
  });

  it('reports a failure for a command that is ended by a signal', async () => {
    const result = await runStage({ name: 'lint', command: script('process.kill(process.pid, "SIGKILL")') });
    expect(result).toMatchObject({ problem: 'ended with exit code 1' });
  });

  it('runs nothing when a requirement is missing, and reports which one', async () => {
    const result = await runStage({
      name: 'web-e2e',
      command: script(writeReport),
      obstacle: () => 'no Chromium found',
      report: { file, read },
    });
    expect(result).toEqual({ name: 'web-e2e', seconds: 0, problem: 'no Chromium found' });
  });

  it('leaves no signal listener behind', async () => {
    const before = [process.listenerCount('SIGINT'), process.listenerCount('SIGTERM')];
    await runStage({ name: 'lint', command: script('') });
    expect([process.listenerCount('SIGINT'), process.listenerCount('SIGTERM')]).toEqual(before);
  });
});
