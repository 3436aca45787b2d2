/** A WebSocket frame with a whole text message, as a server sends it (RFC 6455, section 5.2). */
export function textFrame(data: string | Buffer): Buffer {
  const payload = Buffer.from(data);
  const { length } = payload;
  if (length < 126) return Buffer.concat([Buffer.from([0x81, length]), payload]);
  const header = Buffer.alloc(10);
  header[0] = 0x81;
  header[1] = 127;
  header.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([header, payload]);
}
