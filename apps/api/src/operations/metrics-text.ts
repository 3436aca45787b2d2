import { Inject, Injectable, Logger, ServiceUnavailableException } from '@nestjs/common';
import { Registry } from 'prom-client';

/** The metrics as Prometheus text: those of this process, or of all processes that serve together. */
@Injectable()
export class MetricsText {
  private readonly logger = new Logger(MetricsText.name);
  private sum: (() => Promise<string>) | undefined;

  constructor(@Inject(Registry) private readonly registry: Registry) {}

  /** From now on `sum` is asked for the metrics of all processes. */
  askInstead(sum: () => Promise<string>): void {
    this.sum = sum;
  }

  /** Rejects with `ServiceUnavailableException` if the sum is not to be had: the counts of one process alone would look like a loss. */
  async read(): Promise<string> {
    if (this.sum === undefined) return this.registry.metrics();
    try {
      return await this.sum();
    } catch (error) {
      this.logger.warn({
        message: 'the metrics of all processes cannot be read',
        error: error instanceof Error ? error.message : typeof error,
      });
      throw new ServiceUnavailableException({ message: 'The metrics of all processes cannot be read.' });
    }
  }
}
