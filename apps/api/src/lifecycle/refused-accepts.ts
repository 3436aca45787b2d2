/** How long it is silent after a line. Each connection that cannot be accepted makes an error of its own. */
const SILENT_MS = 60_000;

/** The part of an HTTP server that is used. */
export interface Listening {
  on(event: 'error', listener: (error: Error & { code?: string }) => void): unknown;
}

/**
 * Listens to the errors of a server that listens: a connection could not be accepted, because the process or the machine has no file
 * descriptors left. Without a listener the first of them would end the process. Connections are accepted again when others have closed.
 */
export function surviveRefusedAccepts(server: Listening, log: (line: { message: string; code: string }) => void): void {
  let silentUntilMs = -Infinity;
  server.on('error', (error) => {
    if (performance.now() < silentUntilMs) return;
    silentUntilMs = performance.now() + SILENT_MS;
    log({ message: 'connections cannot be accepted', code: error.code ?? error.name });
  });
}
