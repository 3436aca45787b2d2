import { describeError } from './describe-error';

describe('describeError', () => {
  it('names the kind and the place, not the message', () => {
    const described = describeError(new TypeError('cannot read "my password"\n  and more of it'));
    expect(described).toMatch(/^TypeError\n\s+at .*describe-error\.spec\.ts/);
    expect(described).not.toMatch(/password|more of it/);
  });

  it.each([
    ['a text', 'string'],
    [undefined, 'undefined'],
    [{ message: 'my password' }, 'object'],
  ])('names only the type of %p', (thrown, expected) => {
    expect(describeError(thrown)).toBe(expected);
  });

  it('does without a stack', () => {
    expect(describeError(Object.assign(new RangeError('x'), { stack: undefined }))).toBe('RangeError');
  });
});
