import { ServiceUnavailableException } from '@nestjs/common';

/** Each holds a connection and asks the records about every change. */
const MOST = 500;

/** Counts the answers that last: events, and audio that is sent as it is made. */
export class OpenAnswers {
  private count = 0;

  get open(): number {
    return this.count;
  }

  /** Throws `ServiceUnavailableException` if there are too many. */
  async during(answer: () => Promise<void>): Promise<void> {
    if (this.count >= MOST)
      throw new ServiceUnavailableException({ message: 'Too many clients are listening to episodes. Try again later.' });
    this.count++;
    try {
      await answer();
    } finally {
      this.count--;
    }
  }
}
