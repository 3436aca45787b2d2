// By relative path: jest resolves no alias in what it runs before the suites.
import { ServerProcess } from './server-process';
import { keepSharedServers } from './shared-server';

/** Before all suites: for each worker, one keyless server for those that need nothing special. */
export default async function startSharedServers({ maxWorkers }: { readonly maxWorkers: number }): Promise<void> {
  // A recogniser for each of the conversations that speak at the same time: how busy the machine is must not decide a test.
  const starts = Array.from({ length: maxWorkers }, () => ServerProcess.start({ SIMULATOR_RECOGNISERS: '4' }));
  const servers = await Promise.all(starts);
  keepSharedServers(servers);
  // Whoever ends this run must not leave the servers behind.
  const endAll = (): Promise<unknown> => Promise.allSettled(servers.map((server) => server.terminate()));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void endAll().finally(() => process.exit(1)));
}
