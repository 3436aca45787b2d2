/** A piece of the assistant's speech, however it was sent. */
export interface Speech {
  readonly turn: number;
  readonly seq: number;
  readonly last: boolean;
  /** PCM s16le mono at the announced rate. */
  readonly pcm: Buffer;
}

const HEADER_BYTES = 12;

/**
 * Reads a binary message according to the protocol's table, not with the codec that server and page share, so that a mistake in the codec
 * shows here. Throws when a client could not play it.
 */
export function readSpeechFrame(bytes: Buffer): Speech {
  if (bytes.length < HEADER_BYTES) throw new Error(`a binary message of ${bytes.length} bytes holds no header`);
  const [version, kind] = bytes;
  const flags = bytes.readUInt16LE(2);
  const pcm = bytes.subarray(HEADER_BYTES);
  if (version !== 1 || kind !== 1) throw new Error(`a binary message of version ${version} and kind ${kind}`);
  if (flags > 1) throw new Error(`a speech frame with unknown flags ${flags}`);
  if (pcm.length % 2 !== 0) throw new Error(`a speech frame with half a sample: ${pcm.length} bytes`);
  return { turn: bytes.readUInt32LE(4), seq: bytes.readUInt32LE(8), last: flags === 1, pcm };
}

export const durationMsOf = (speech: readonly Pick<Speech, 'pcm'>[], sampleRateHz: number): number =>
  (speech.reduce((bytes, { pcm }) => bytes + pcm.length, 0) / 2 / sampleRateHz) * 1000;

/** Root mean square of 16-bit samples: silence is 0, speech some hundreds to thousands. */
export function levelOf(speech: readonly Pick<Speech, 'pcm'>[]): number {
  let squares = 0;
  let samples = 0;
  for (const { pcm } of speech) {
    for (let at = 0; at < pcm.length; at += 2) squares += pcm.readInt16LE(at) ** 2;
    samples += pcm.length / 2;
  }
  return samples === 0 ? 0 : Math.sqrt(squares / samples);
}
