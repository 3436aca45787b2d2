// By relative path: jest resolves no alias in what it runs before the suites.
import { ServerProcess } from './server-process';
import { keepSharedServers } from './shared-server';

/** Runs before all suites: starts one server without keys for each worker, for suites that need nothing special. */
export default async function startSharedServers({ maxWorkers }: { readonly maxWorkers: number }): Promise<void> {
  // One recogniser for each conversation that may speak at the same time, so that a busy machine does not decide a test.
  const starts = Array.from({ length: maxWorkers }, () => ServerProcess.start({ SIMULATOR_RECOGNISERS: '4' }));
  const servers = await Promise.all(starts);
  keepSharedServers(servers);
  // A run that is interrupted must not leave the servers running.
  const endAll = (): Promise<unknown> => Promise.allSettled(servers.map((server) => server.terminate()));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void endAll().finally(() => process.exit(1)));
}
