/**
 * Receives events of adapters that are not errors of a call, such as a lost idle socket or a fallback. The message is constant, with
 * additional fields. Neither may contain a key or anything that a user said.
 */
export interface ProviderLogger {
  debug(message: string, fields: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields: Readonly<Record<string, unknown>>): void;
}

/** The logger that is used if none is given. */
export const SILENT_LOGGER: ProviderLogger = { debug: () => undefined, warn: () => undefined };
