import type { Logger } from '@nestjs/common';
import type { EngineLogger } from '@parley/engine';

/** Writes the log lines of the engines to the log of the server. */
export const engineLog = (logger: Logger): EngineLogger => ({
  debug: (message, fields) => logger.debug({ message, ...fields }),
  warn: (message, fields) => logger.warn({ message, ...fields }),
  error: (message, fields) => logger.error({ message, ...fields }),
});
