import { activeResources, eventually } from '@parley/testing';
import type { RecordingLogger } from '@parley/server/testing';

/** Closes the servers after all cases. Expects that no defect of the server was logged, and that no handle is left that was not open before. */
export async function expectNothingLeft(
  servers: readonly { close(): Promise<void> }[],
  logger: RecordingLogger,
  handlesBefore: ReadonlyMap<string, number>,
): Promise<void> {
  expect(logger.lines.filter(({ level }) => level === 'error')).toEqual([]);
  expect(logger.text).not.toMatch(/unexpected failure|MaxListeners/);
  await Promise.all(servers.map((server) => server.close()));
  const left = (): string[] =>
    [...activeResources()].flatMap(([kind, count]) => (count > (handlesBefore.get(kind) ?? 0) ? [`${kind} ${count}`] : []));
  await eventually(() => left().length === 0, `these handles to be closed: ${left().join()}`);
}
