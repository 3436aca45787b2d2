/** The samples as base64 of their little-endian bytes (the byte order of every platform Node runs on here). */
export function pcmToBase64(pcm: Int16Array): string {
  return Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength).toString('base64');
}
