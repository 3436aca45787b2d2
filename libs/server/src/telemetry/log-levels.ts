import type { LogLevel } from '@nestjs/common';
import type { Settings } from '../config/settings';

/** What is logged at each value of `LOG_LEVEL`. */
export const LOG_LEVELS: Record<Settings['logLevel'], LogLevel[]> = {
  error: ['fatal', 'error'],
  warn: ['fatal', 'error', 'warn'],
  info: ['fatal', 'error', 'warn', 'log'],
  debug: ['fatal', 'error', 'warn', 'log', 'debug'],
};
