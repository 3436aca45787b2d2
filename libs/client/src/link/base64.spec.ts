import { decodeBase64 } from './base64';

describe('decodeBase64', () => {
  it('returns the decoded bytes', () => {
    expect([...(decodeBase64('AP+AfwE=') ?? [])]).toEqual([0, 255, 128, 127, 1]);
  });

  it('returns nothing for text that is not base64', () => {
    expect(decodeBase64('no base64!')).toBeUndefined();
  });
});
