/** Decodes base64 into bytes; undefined for text that is not base64. */
export function decodeBase64(text: string): ArrayBuffer | undefined {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0)).buffer;
  } catch {
    return undefined;
  }
}
