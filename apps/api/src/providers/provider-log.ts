import type { Logger } from '@nestjs/common';
import type { ProviderLogger } from '@parley/providers';

/** The adapters' log lines as ours. */
export const providerLog = (logger: Logger): ProviderLogger => ({
  debug: (message, fields) => logger.debug({ message, ...fields }),
  warn: (message, fields) => logger.warn({ message, ...fields }),
});
