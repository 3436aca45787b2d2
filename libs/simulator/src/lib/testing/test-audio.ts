const RATE_HZ = 16_000;

/** A tone as PCM at 16 kHz: what the level detector takes for speech. */
export function tone(durationMs: number, rateHz = RATE_HZ): Int16Array {
  return Int16Array.from({ length: (durationMs * rateHz) / 1000 }, (_, i) => Math.round(8000 * Math.sin((2 * Math.PI * 300 * i) / rateHz)));
}

export function silence(durationMs: number): Int16Array {
  return new Int16Array((durationMs * RATE_HZ) / 1000);
}

export function base64(pcm: Int16Array): string {
  return Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength).toString('base64');
}

/** A RIFF/WAVE file of 16-bit mono PCM. */
export function wav(pcm: Int16Array, rateHz = RATE_HZ): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + pcm.byteLength, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rateHz, 24);
  header.writeUInt32LE(rateHz * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(pcm.byteLength, 40);
  return Buffer.concat([header, Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength)]);
}

/** The pitch of a pure tone: s16le at 16 kHz. */
export function pitchHz(bytes: Buffer): number {
  let crossings = 0;
  for (let i = 2; i + 1 < bytes.length; i += 2) if (bytes.readInt16LE(i - 2) < 0 !== bytes.readInt16LE(i) < 0) crossings += 1;
  return (crossings * RATE_HZ) / bytes.length;
}
