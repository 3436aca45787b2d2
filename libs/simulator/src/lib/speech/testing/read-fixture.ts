/** For specs only (CommonJS under jest, hence `__dirname`): the recordings of libs/testing, PCM s16 mono 16 kHz. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const RECORDINGS = join(__dirname, '../../../../../testing/recordings');

/** The samples of a recording, by its name without `.wav`. */
export function readFixture(name: string): Int16Array {
  const file = readFileSync(join(RECORDINGS, `${name}.wav`));
  const data = file.indexOf('data', 12, 'latin1');
  const length = file.readUInt32LE(data + 4);
  const start = data + 8;
  return new Int16Array(file.buffer.slice(file.byteOffset + start, file.byteOffset + start + length));
}
