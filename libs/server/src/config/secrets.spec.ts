import { Secrets } from './secrets';

const KEY = 'sk-live/0+"1=ä';

describe('Secrets', () => {
  const secrets = new Secrets();
  secrets.add([KEY, 'xi-0123456789', undefined]);

  it.each([
    ['in plain text', KEY],
    ['in JSON', JSON.stringify({ key: KEY })],
    ['in a URL', `https://vendor.example/?key=${encodeURIComponent(KEY)}&a=b`],
    ['in a form', String(new URLSearchParams({ key: KEY }))],
    ['in hexadecimal', Buffer.from(KEY).toString('hex').toUpperCase()],
    ['in capitals', KEY.toUpperCase()],
    ['in base64', Buffer.from(KEY).toString('base64')],
    ['in base64 for URLs', Buffer.from(KEY).toString('base64url')],
    ...['', 'a', 'ab', 'abc', 'user:'].map((before) => [
      `in base64, behind "${before}"`,
      `Basic ${Buffer.from(`${before}${KEY}and more`).toString('base64')}`,
    ]),
  ])('hides a key that is written %s', (_where, text) => {
    const hidden = secrets.hide(`before ${text} after`);
    expect(hidden).toMatch(/^before .*\[secret\].* after$/);
    // What remains of the key at both ends of its base64 form is less than one character.
    for (const word of hidden.split(/[^A-Za-z0-9+/=_-]+/)) expect(Buffer.from(word, 'base64').toString()).not.toContain('live');
    expect(hidden).not.toContain('live');
  });

  it('hides the whole of a key that begins with another key', () => {
    const both = new Secrets();
    both.add(['secret-key']);
    both.add(['secret-key-of-mine']);
    expect(both.hide('secret-key-of-mine, secret-key')).toBe('[secret], [secret]');
  });

  it('does not know the secrets of another instance', () => {
    const other = new Secrets();
    other.add(['another-key']);
    expect(other.hide(`${KEY}, another-key`)).toBe(`${KEY}, [secret]`);
    expect(secrets.hide('another-key')).toBe('another-key');
  });

  it('leaves all other text unchanged', () => {
    expect(secrets.hide('a key was refused (401)')).toBe('a key was refused (401)');
    expect(new Secrets().hide('anything')).toBe('anything');
  });

  it('does not treat a very short value as a secret', () => {
    const short = new Secrets();
    short.add(['', 'e', 'key']);
    expect(short.hide('the key')).toBe('the key');
  });
});
