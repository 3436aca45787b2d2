import { poll, type Resources, resourcesOf, type Server } from '@parley/testing/client';

const RELEASE_TIMEOUT_MS = 50_000;

/** Resolves when the server has released all resources of conversations. */
export async function allReleased(server: Server): Promise<void> {
  const isNothing = (resources: Resources): boolean => Object.values(resources).every((count) => count === 0);
  await poll('the release of everything', () => resourcesOf(server), isNothing, RELEASE_TIMEOUT_MS);
}
