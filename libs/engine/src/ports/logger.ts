type Fields = Readonly<Record<string, unknown>>;

/** The engine's log. Messages are constant and details are fields. Neither contains a key or what a user said. */
export interface EngineLogger {
  debug(message: string, fields: Fields): void;
  warn(message: string, fields: Fields): void;
  error(message: string, fields: Fields): void;
}

/** Discards everything. */
export const SILENT_LOGGER: EngineLogger = { debug: () => undefined, warn: () => undefined, error: () => undefined };
