import type { Settings } from '@parley/server';

type SharedSettings = Pick<Settings, 'episodes' | 'rooms' | 'lifecycle'>;

/** Several processes cannot serve together with these settings. */
export class ProcessesNotPossible extends Error {
  override readonly name = 'ProcessesNotPossible';
}

/** Checks that several processes can serve together. Throws `ProcessesNotPossible`. Returns what whoever runs the server should know. */
export function checkSharedServices({ episodes, rooms, lifecycle }: SharedSettings): string[] {
  const { databaseUrl, redisUrl } = episodes;
  const processes = `SERVER_PROCESSES means ${lifecycle.processes} processes here`;
  if (rooms !== undefined && redisUrl === undefined)
    throw new ProcessesNotPossible(`${processes}, and they can only attend to rooms together with REDIS_URL.`);
  return [
    ...(redisUrl === undefined
      ? ['without REDIS_URL each process counts limits and budgets by itself, so that clients may do that many times as much']
      : []),
    ...(redisUrl === undefined || databaseUrl === undefined
      ? ['without REDIS_URL and DATABASE_URL there are no episodes on several processes']
      : []),
  ];
}
