import { decodeBase64 } from './base64';

describe('decodeBase64', () => {
  it('gives the bytes', () => {
    expect([...(decodeBase64('AP+AfwE=') ?? [])]).toEqual([0, 255, 128, 127, 1]);
  });

  it('gives nothing for what is not base64', () => {
    expect(decodeBase64('no base64!')).toBeUndefined();
  });
});
