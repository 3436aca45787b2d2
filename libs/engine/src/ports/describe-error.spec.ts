import { describeError } from './describe-error';

describe('describeError', () => {
  it('contains the type and the location of the error, but not the message', () => {
    const described = describeError(new TypeError('cannot read "my password"\n  and more of it'));
    expect(described).toMatch(/^TypeError\n\s+at .*describe-error\.spec\.ts/);
    expect(described).not.toMatch(/password|more of it/);
  });

  it.each([
    ['a text', 'string'],
    [undefined, 'undefined'],
    [{ message: 'my password' }, 'object'],
  ])('contains only the type of a thrown %p', (thrown, expected) => {
    expect(describeError(thrown)).toBe(expected);
  });

  it('works for an error without a stack', () => {
    expect(describeError(Object.assign(new RangeError('x'), { stack: undefined }))).toBe('RangeError');
  });
});
