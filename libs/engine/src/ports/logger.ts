type Fields = Readonly<Record<string, unknown>>;

/** Where engines report what whoever runs them should know. A constant message plus fields; never a key or what a user said. */
export interface EngineLogger {
  debug(message: string, fields: Fields): void;
  warn(message: string, fields: Fields): void;
  error(message: string, fields: Fields): void;
}

/** For whoever does not want to know. */
export const SILENT_LOGGER: EngineLogger = { debug: () => undefined, warn: () => undefined, error: () => undefined };
