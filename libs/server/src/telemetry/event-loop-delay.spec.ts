import { eventually } from '@parley/testing';
import { EventLoopDelay } from './event-loop-delay';

describe('EventLoopDelay', () => {
  it('rises while the process is busy, and falls again afterwards', async () => {
    const delay = new EventLoopDelay();
    const busy = setInterval(() => {
      const endsAt = performance.now() + 300;
      while (performance.now() < endsAt);
    }, 1);
    await eventually(() => delay.currentMs > 100, 'a late event loop');
    clearInterval(busy);
    await eventually(() => delay.currentMs < 100, 'an idle event loop');
    delay.close();
  });
});
