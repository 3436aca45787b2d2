import { EventEmitter } from 'node:events';
import { listenToEndSignals } from './end-signals';

describe('A signal to end', () => {
  let source: EventEmitter;
  let calls: unknown[];
  const listen = (sameWithinMs = 0): void =>
    listenToEndSignals({ source, begin: (ending) => calls.push(ending), exitAtOnce: (code) => calls.push(code), sameWithinMs });

  beforeEach(() => {
    jest.useFakeTimers();
    source = new EventEmitter();
    calls = [];
  });
  afterEach(() => jest.useRealTimers());

  it.each([
    ['SIGTERM', 'drain'],
    ['SIGINT', 'now'],
    ['SIGHUP', 'now'],
  ])('%s asks the program to end: %s', (signal, ending) => {
    listen();
    source.emit(signal);
    expect(calls).toEqual([ending]);
  });

  it('makes the program exit at once when it is the second one, whichever it is', () => {
    listen();
    source.emit('SIGTERM');
    source.emit('SIGTERM');
    source.emit('SIGINT');
    expect(calls).toEqual(['drain', 143, 130]);
  });

  it('counts once when the program that started this one passes it on', () => {
    listen(500);
    source.emit('SIGINT');
    jest.advanceTimersByTime(499);
    source.emit('SIGINT');
    expect(calls).toEqual(['now']);
    jest.advanceTimersByTime(1);
    source.emit('SIGINT');
    expect(calls).toEqual(['now', 130]);
  });
});
