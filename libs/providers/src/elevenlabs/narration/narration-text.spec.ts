import type { NarrationPiece } from '../../ports/narration';
import { AsyncQueue } from '../../shared/async-queue';
import { NarrationText } from './narration-text';

describe('the text of a narration', () => {
  async function textOf(...pieces: NarrationPiece[]): Promise<NarrationText> {
    const queue = new AsyncQueue<NarrationPiece>();
    const text = new NarrationText(queue);
    for (const piece of pieces) {
      queue.push(piece);
      await text.changed();
    }
    return text;
  }

  it('is ready up to the last complete word', async () => {
    const text = await textOf({ text: 'Hello wo' }, { text: 'rld and mo' });
    expect(text.text.slice(0, text.readyTo)).toBe('Hello world and ');
  });

  it('is ready to its end when it is flushed, even within a word', async () => {
    const text = await textOf({ text: 'Hello wo', flush: true });
    expect(text.readyTo).toBe(8);
    expect(text.flushBehind(0)).toBe(8);
    expect(text.flushBehind(8)).toBeUndefined();
  });

  it('is ready to its end when it has ended', async () => {
    const queue = new AsyncQueue<NarrationPiece>();
    const text = new NarrationText(queue);
    queue.push({ text: 'Hello wo' });
    await text.changed();
    queue.end();
    await text.changed();
    expect([text.readyTo, text.isEnded]).toEqual([8, true]);
  });

  it('knows whether there is more to speak', async () => {
    const queue = new AsyncQueue<NarrationPiece>();
    const text = new NarrationText(queue);
    const hasMore = text.hasMore(0);
    queue.push({ text: ' … ' });
    queue.push({ text: 'One ' });
    await expect(hasMore).resolves.toBe(true);
    const hasStillMore = text.hasMore(7);
    queue.end();
    await expect(hasStillMore).resolves.toBe(false);
  });

  it('wakes everyone who waits when it is closed, and leaves its source', async () => {
    const onLeave = jest.fn();
    const text = new NarrationText(new AsyncQueue<NarrationPiece>({ onLeave }));
    const changed = text.changed();
    text.close();
    await changed;
    expect(onLeave).toHaveBeenCalledTimes(1);
  });

  it('passes on the error of its source', async () => {
    const queue = new AsyncQueue<NarrationPiece>();
    queue.fail(new Error('no more'));
    await expect(new NarrationText(queue).hasMore(0)).rejects.toThrow('no more');
  });
});
