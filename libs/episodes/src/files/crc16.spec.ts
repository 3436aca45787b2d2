import { crc16 } from './crc16';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('crc16', () => {
  it('has the check value of CRC-16/ARC', () => {
    expect(crc16(bytes('123456789'))).toBe(0xbb3d);
  });

  it('goes on behind the bytes before', () => {
    expect(crc16(bytes('6789'), crc16(bytes('12345')))).toBe(0xbb3d);
  });
});
