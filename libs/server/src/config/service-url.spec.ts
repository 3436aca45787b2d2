import { secretsOfUrl } from './service-url';

describe('secretsOfUrl', () => {
  it('are the password, as it is and as it is written, and the whole address', () => {
    const url = 'postgres://parley:p%40ss-word@db.example:5432/parley';
    expect(secretsOfUrl(url)).toEqual([url, 'p%40ss-word', 'p@ss-word']);
  });

  it('include a password without a user, and one in the query', () => {
    expect(secretsOfUrl('redis://:secret-1@cache.example')).toContain('secret-1');
    expect(secretsOfUrl('postgres:///parley?host=/run&password=secret-2&user=parley')).toContain('secret-2');
  });

  it.each([undefined, 'postgres://parley@db.example/parley', 'redis://cache.example:6379/0', '/run/redis.sock'])(
    'are none where there is no password: %s',
    (url) => {
      expect(secretsOfUrl(url)).toEqual([]);
    },
  );

  it('include a password that is written badly', () => {
    expect(secretsOfUrl('redis://:100%wrong@cache.example')).toContain('100%wrong');
  });
});
