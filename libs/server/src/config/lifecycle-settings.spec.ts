import { availableParallelism } from 'node:os';
import { parseEnvironment } from './parse-environment';
import { settingsFrom } from './settings';

const settings = (raw: Record<string, string>) => settingsFrom(parseEnvironment(raw)).lifecycle;

describe('The settings of the lifecycle', () => {
  it('by default end conversations at once, use one process and bound no recordings', () => {
    expect(settings({})).toEqual({ drainMs: 0, processes: 1, recordings: { maxBytes: undefined, keepMs: undefined } });
  });

  it('give times in milliseconds', () => {
    const raw = { DRAIN_SECONDS: '30', RECORD_MAX_BYTES: '5000', RECORD_KEEP_DAYS: '2' };
    expect(settings(raw)).toMatchObject({ drainMs: 30_000, recordings: { maxBytes: 5_000, keepMs: 172_800_000 } });
  });

  it('take a number of processes, or one for each core', () => {
    expect(settings({ SERVER_PROCESSES: '3' }).processes).toBe(3);
    expect(settings({ SERVER_PROCESSES: 'all' }).processes).toBe(availableParallelism());
  });

  it.each(['0', '-1', '1.5', 'some', '100'])('refuse %s processes', (value) => {
    expect(() => parseEnvironment({ SERVER_PROCESSES: value })).toThrow('SERVER_PROCESSES');
  });

  it.each(['DRAIN_SECONDS', 'RECORD_MAX_BYTES', 'RECORD_KEEP_DAYS'])('refuse a negative %s', (name) => {
    expect(() => parseEnvironment({ [name]: '-1' })).toThrow(name);
  });
});
