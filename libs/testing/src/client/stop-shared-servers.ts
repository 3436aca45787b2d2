import { sharedServerProcesses } from './shared-server';

/** Runs after all suites: the run fails if a shared server does not end well. */
export default async function stopSharedServers(): Promise<void> {
  await Promise.all(sharedServerProcesses().map((server) => server.stop()));
}
