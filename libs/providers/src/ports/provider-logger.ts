/** Where adapters report what is not an error of a call: a lost idle socket, a fallback. A constant message plus fields; never a key or what a user said. */
export interface ProviderLogger {
  debug(message: string, fields: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields: Readonly<Record<string, unknown>>): void;
}

/** Used where no logger was given. */
export const SILENT_LOGGER: ProviderLogger = { debug: () => undefined, warn: () => undefined };
