import { Server } from 'node:http';
import { pass, startVirtualTime } from '@parley/engine/testing';
import { watchDescriptors } from './descriptor-watch';
import { surviveRefusedAccepts } from './refused-accepts';

const failure = (code: string): Error => Object.assign(new Error('x'), { code });

describe('A process without file descriptors', () => {
  let lines: { message: string; code?: string }[];
  beforeEach(() => {
    startVirtualTime();
    lines = [];
  });
  afterEach(() => jest.useRealTimers());

  it('says so once, and once when it has some again', async () => {
    let error: Error | undefined;
    const stop = watchDescriptors({
      log: (line) => lines.push(line),
      take: async () => {
        if (error) throw error;
      },
    });
    await pass(10_000);
    expect(lines).toEqual([]);
    error = failure('EMFILE');
    await pass(20_000);
    expect(lines).toEqual([{ message: expect.stringContaining('no file descriptors are left'), code: 'EMFILE' }]);
    error = undefined;
    await pass(20_000);
    expect(lines.slice(1)).toEqual([{ message: expect.stringContaining('again') }]);
    error = failure('ENOENT');
    await pass(20_000);
    expect(lines).toHaveLength(2);
    stop();
    expect(jest.getTimerCount()).toBe(0);
  });

  it('survives that connections cannot be accepted, and says so once in a minute', async () => {
    const server = new Server();
    surviveRefusedAccepts(server, (line) => lines.push(line));
    for (let times = 0; times < 100; times++) server.emit('error', failure('EMFILE'));
    expect(lines).toEqual([{ message: 'connections cannot be accepted', code: 'EMFILE' }]);
    await pass(60_000);
    server.emit('error', failure('EMFILE'));
    expect(lines).toHaveLength(2);
  });
});
