import fc from 'fast-check';
import { bytesFromBase64 } from './base64';

describe('bytesFromBase64', () => {
  it('decodes any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const text = Buffer.from(bytes).toString('base64');
        expect(bytesFromBase64(text)).toEqual(bytes);
        expect(bytesFromBase64(text.replaceAll('=', ''))).toEqual(bytes);
      }),
    );
  });
});
