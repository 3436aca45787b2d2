import { Registry } from 'prom-client';
import { type ServedConnection, servedConnection, workFor } from '../transports/websocket/work-for';
import { UncaughtErrors } from './uncaught-errors';

describe('An error that nobody has caught', () => {
  let registry: Registry;
  let lines: object[];
  let fatal: number;
  let errors: UncaughtErrors;
  const counted = async (): Promise<object> => {
    const text = await registry.metrics();
    return Object.fromEntries([...text.matchAll(/ended="(\w+)"\} (\d+)/g)].map(([, ended, count]) => [ended, Number(count)]));
  };
  const connection = (endAfterFault = jest.fn()): ServedConnection & { endAfterFault: jest.Mock } => ({ id: 'one', endAfterFault });

  beforeEach(() => {
    registry = new Registry();
    lines = [];
    fatal = 0;
    errors = new UncaughtErrors({ registry, log: (line) => lines.push(line), served: servedConnection, onFatal: () => (fatal += 1) });
  });

  it('ends the conversation that it belongs to, is counted, and is logged without its words', async () => {
    const its = connection();
    workFor(its, () => errors.take(new TypeError('the secret words')));
    expect(its.endAfterFault).toHaveBeenCalledTimes(1);
    expect(lines).toEqual([{ message: expect.any(String), conversationId: 'one', error: expect.stringMatching(/^TypeError\n/) }]);
    expect(JSON.stringify(lines)).not.toContain('secret');
    expect([await counted(), fatal]).toEqual([{ conversation: 1, process: 0 }, 0]);
  });

  it.each<[string, (act: () => void) => void]>([
    ['a timer', (act) => void setTimeout(act, 1)],
    ['a promise', (act) => void Promise.resolve().then(act)],
    ['a callback of an immediate', (act) => void setImmediate(act)],
    ['a timer that a promise has set', (act) => void Promise.resolve().then(() => setTimeout(act, 1))],
  ])('belongs to the conversation that has set up %s', async (_name, later) => {
    const [its, other] = [connection(), connection()];
    const happened = new Promise<void>((resolve) =>
      workFor(its, () =>
        later(() => {
          errors.take(new Error('x'));
          resolve();
        }),
      ),
    );
    workFor(other, () => undefined);
    await happened;
    expect([its.endAfterFault, other.endAfterFault].map(({ mock }) => mock.calls.length)).toEqual([1, 0]);
  });

  it('ends the process when it belongs to no conversation', async () => {
    errors.take('thrown text');
    expect(lines).toEqual([{ message: expect.any(String), error: 'string' }]);
    expect([await counted(), fatal]).toEqual([{ conversation: 0, process: 1 }, 1]);
  });

  it('ends the process when the conversation cannot be ended', async () => {
    const its = connection(
      jest.fn(() => {
        throw new Error('x');
      }),
    );
    workFor(its, () => errors.take(new Error('y')));
    expect([await counted(), fatal]).toEqual([{ conversation: 1, process: 1 }, 1]);
  });
});
