import type { Logger } from '@nestjs/common';
import type { EngineLogger } from '@parley/engine';

/** The engines' log lines as ours. */
export const engineLog = (logger: Logger): EngineLogger => ({
  debug: (message, fields) => logger.debug({ message, ...fields }),
  warn: (message, fields) => logger.warn({ message, ...fields }),
  error: (message, fields) => logger.error({ message, ...fields }),
});
