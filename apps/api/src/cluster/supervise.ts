import cluster from 'node:cluster';
import { availableParallelism } from 'node:os';
import { type ParleyLogger, type Settings } from '@parley/server';
import { listenToEndSignals } from '../lifecycle/end-signals';
import { checkSharedServices } from './shared-services';
import { Supervisor } from './supervisor';

type SupervisedSettings = Pick<Settings, 'episodes' | 'rooms' | 'lifecycle' | 'simulator'>;

/** Serves with several processes, of which this one is the supervisor: it only accepts connections and hands them on. */
export function supervise(settings: SupervisedSettings, logger: ParleyLogger, sameWithinMs: number): void {
  const count = settings.lifecycle.processes;
  for (const message of checkSharedServices(settings)) logger.warn({ message }, 'Parley');
  const supervisor = new Supervisor({
    count,
    // All listen to the same PORT, also where it is 0: Node gives them the socket of the first one.
    fork: () => cluster.fork(shareOf(settings, count)),
    onReady: (url) => logger.log(`Parley is ready, with ${count} processes: open ${url}`, 'Parley'),
    log: (line) => logger.warn(line, 'Parley'),
    exit: (code) => process.exit(code),
  });
  listenToEndSignals({
    source: process,
    begin: (ending) => supervisor.end(ending),
    exitAtOnce: (code) => {
      supervisor.kill();
      process.exit(code);
    },
    sameWithinMs,
  });
  supervisor.start();
}

/** The processes share the cores, so each has its part of the simulator's recognisers, unless their number is set. */
const shareOf = ({ simulator }: SupervisedSettings, count: number): Record<string, string> =>
  simulator.recognisers === undefined ? { SIMULATOR_RECOGNISERS: String(Math.max(1, Math.floor(availableParallelism() / count))) } : {};
