import { sharedServerProcess } from './shared-server';

/** After all suites: the shared server must end well, or the run has failed. */
export default async function stopSharedServer(): Promise<void> {
  await sharedServerProcess()?.stop();
}
