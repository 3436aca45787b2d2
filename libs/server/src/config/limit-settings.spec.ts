import { settingsFrom } from './settings';
import { parseEnvironment } from './parse-environment';

const loadLimits = (environment: Record<string, string>) => settingsFrom(parseEnvironment(environment)).limits.load;

describe('the load from which on a server takes nothing new', () => {
  it('does not matter on a machine for development, where other programs make timers late', () => {
    expect(loadLimits({})).toEqual({ eventLoopDelayMs: undefined, cpu: undefined, memory: 0.9 });
  });

  it('matters in production', () => {
    expect(loadLimits({ NODE_ENV: 'production' })).toEqual({ eventLoopDelayMs: 300, cpu: 0.95, memory: 0.9 });
  });

  it('is what is set, and 0 turns a limit off, wherever the server runs', () => {
    const set = { MAX_EVENT_LOOP_DELAY_MS: '100', MAX_CPU_PERCENT: '50', MAX_MEMORY_PERCENT: '0' };
    expect(loadLimits(set)).toEqual({ eventLoopDelayMs: 100, cpu: 0.5, memory: undefined });
    const off = { NODE_ENV: 'production', MAX_EVENT_LOOP_DELAY_MS: '0', MAX_CPU_PERCENT: '0' };
    expect(loadLimits(off)).toEqual({ eventLoopDelayMs: undefined, cpu: undefined, memory: 0.9 });
  });
});
