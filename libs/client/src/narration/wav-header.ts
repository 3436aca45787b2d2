/** What the header of a WAV file says, as far as it is needed to play the file while it arrives. */
export interface WavHeader {
  readonly sampleRateHz: number;
  /** Where the samples begin, in bytes. */
  readonly dataAt: number;
}

const FORMAT_PCM = 1;

/**
 * Reads the beginning of a WAV file of mono 16-bit PCM; other chunks before the samples are skipped. `undefined` while more bytes are needed.
 * Throws an `Error` for any other file. The length in the header is not used, because a stream does not know it.
 */
export function readWavHeader(bytes: Uint8Array): WavHeader | undefined {
  if (bytes.byteLength < 12) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (tagAt(bytes, 0) !== 'RIFF' || tagAt(bytes, 8) !== 'WAVE') throw new Error('This is not a WAV file.');
  let sampleRateHz = 0;
  for (let at = 12; at + 8 <= bytes.byteLength;) {
    const tag = tagAt(bytes, at);
    const length = view.getUint32(at + 4, true);
    if (tag === 'data') {
      if (sampleRateHz === 0) throw new Error('This WAV file has no format.');
      return { sampleRateHz, dataAt: at + 8 };
    }
    if (tag === 'fmt ') {
      if (at + 24 > bytes.byteLength) return undefined;
      if (view.getUint16(at + 8, true) !== FORMAT_PCM || view.getUint16(at + 10, true) !== 1 || view.getUint16(at + 22, true) !== 16)
        throw new Error('Only mono 16-bit PCM can be played.');
      sampleRateHz = view.getUint32(at + 12, true);
    }
    at += 8 + length + (length % 2);
  }
  return undefined;
}

function tagAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}
