import type { Logger } from '@nestjs/common';
import type { ProviderLogger } from '@parley/providers';

/** Writes the log lines of the adapters to the log of the server. */
export const providerLog = (logger: Logger): ProviderLogger => ({
  debug: (message, fields) => logger.debug({ message, ...fields }),
  warn: (message, fields) => logger.warn({ message, ...fields }),
});
