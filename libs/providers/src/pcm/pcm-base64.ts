/** Returns the samples as base64 of their little-endian bytes, which is the byte order of every platform on which Node.js runs here. */
export function pcmToBase64(pcm: Int16Array): string {
  return Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength).toString('base64');
}
