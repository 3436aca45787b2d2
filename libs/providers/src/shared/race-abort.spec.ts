import { getEventListeners } from 'node:events';
import { raceAbort } from './race-abort';

const never = () => new Promise<void>(() => undefined);

describe('raceAbort', () => {
  it('resolves when the signal is aborted, or at once if it was aborted before', async () => {
    const controller = new AbortController();
    const race = raceAbort(never(), controller.signal);
    controller.abort();
    await race;
    await raceAbort(never(), controller.signal);
    expect(controller.signal.aborted).toBe(true);
  });

  it('settles as the promise does and leaves no listener behind', async () => {
    const { signal } = new AbortController();
    await raceAbort(Promise.resolve(), signal);
    await expect(raceAbort(Promise.reject(new Error('refused')), signal)).rejects.toThrow('refused');
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});
