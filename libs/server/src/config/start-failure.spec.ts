import { EnvironmentError } from './parse-environment';
import { describeStartFailure } from './start-failure';

/** An error as the operating system reports it. */
const refusal = (code: string, syscall = 'listen'): Error => Object.assign(new Error(`${syscall} ${code}`), { code, syscall });

describe('describeStartFailure', () => {
  it('names each variable of the environment that has a mistake', () => {
    expect(describeStartFailure(new EnvironmentError(['OPENAI_API_KEY must be shorter']))).toBe(
      'The environment is not usable:\n  - OPENAI_API_KEY must be shorter',
    );
  });

  it.each([
    [refusal('EADDRINUSE'), 'The port is in use. Set PORT to another one.'],
    [refusal('EACCES'), 'This user may not listen on the port. Set PORT to one above 1023.'],
    [refusal('EADDRNOTAVAIL'), 'HOST is no address of this machine.'],
    [refusal('ENOTFOUND', 'getaddrinfo'), 'HOST is no address of this machine.'],
  ])('says in one line what to change when the start fails with: %s', (error, line) => {
    expect(describeStartFailure(error)).toBe(line);
  });

  it('shows the stack of any other error', () => {
    expect(describeStartFailure(new TypeError('oops'))).toMatch(/^TypeError: oops\n\s+at /);
    expect(describeStartFailure(refusal('EACCES', 'open'))).toMatch(/^Error: open EACCES\n\s+at /);
    expect(describeStartFailure('oops')).toBe('oops');
  });
});
