import { decodeBase64 } from './base64';

describe('decodeBase64', () => {
  it('gives the bytes', () => {
    expect([...new Uint8Array(decodeBase64('AP+AfwE=') ?? new ArrayBuffer(0))]).toEqual([0, 255, 128, 127, 1]);
  });

  it('gives nothing for what is not base64', () => {
    expect(decodeBase64('no base64!')).toBeUndefined();
  });
});
