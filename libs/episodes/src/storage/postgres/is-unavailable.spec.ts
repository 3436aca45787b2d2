import { isUnavailable } from './is-unavailable';

const withCode = (code: string, message = 'failed') => Object.assign(new Error(message), { code });

describe('isUnavailable', () => {
  it.each([
    ['a refused connection', withCode('ECONNREFUSED')],
    ['a socket that is gone', withCode('ENOENT')],
    ['a host whose addresses all refuse', new AggregateError([withCode('ECONNREFUSED'), withCode('EHOSTUNREACH')])],
    ['a server that shuts down', withCode('57P01')],
    ['a server that is starting', withCode('57P03')],
    ['a server without free connections', withCode('53300')],
    ['a connection that ends during a query', new Error('Connection terminated unexpectedly')],
    ['a server that does not answer', new Error('timeout exceeded when trying to connect')],
  ])('is true for %s', (_, error) => {
    expect(isUnavailable(error)).toBe(true);
  });

  it.each([
    ['a statement that is wrong', withCode('42601')],
    ['a wrong password', withCode('28P01')],
    ['a conflict between transactions', withCode('40001')],
    ['a mistake in the program', new TypeError('undefined is not a function')],
    ['an aggregate with another failure in it', new AggregateError([withCode('ECONNREFUSED'), withCode('28P01')])],
    ['no error', 'ECONNREFUSED'],
  ])('is false for %s', (_, error) => {
    expect(isUnavailable(error)).toBe(false);
  });
});
