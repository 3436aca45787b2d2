import { sharedServerProcesses } from './shared-server';

/** After all suites: the shared servers must end well, or the run has failed. */
export default async function stopSharedServers(): Promise<void> {
  await Promise.all(sharedServerProcesses().map((server) => server.stop()));
}
