// By relative path: jest resolves no alias in what it runs before the suites.
import { ServerProcess } from './server-process';
import { keepSharedServer } from './shared-server';

/** Before all suites: one keyless server for those that need nothing special. */
export default async function startSharedServer(): Promise<void> {
  // A recogniser for each of the conversations that speak at the same time: how busy the machine is must not decide a test.
  const server = await ServerProcess.start({ SIMULATOR_RECOGNISERS: '4' });
  keepSharedServer(server);
  // Whoever ends this run must not leave the server behind.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.terminate().finally(() => process.exit(1)));
}
