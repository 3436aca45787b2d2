import { EventLoopDelay } from './event-loop-delay';

const until = async (isReached: () => boolean): Promise<void> => {
  while (!isReached()) await new Promise((resolve) => setTimeout(resolve, 20));
};

describe('EventLoopDelay', () => {
  it('rises while the process is busy, and falls again afterwards', async () => {
    const delay = new EventLoopDelay();
    const busy = setInterval(() => {
      const endsAt = performance.now() + 300;
      while (performance.now() < endsAt);
    }, 1);
    await until(() => delay.currentMs > 100);
    clearInterval(busy);
    await until(() => delay.currentMs < 100);
    delay.close();
  });
});
