import { bytesFromPcm16, encodeWav } from '@parley/audio';
import type { RecordingFile } from './recording-file';

/** The length in the header until the file is closed. Readers take it as "up to the end of the file". */
const UNKNOWN_BYTES = 0xffff_ffff;
const RIFF_SIZE_AT = 4;
const DATA_SIZE_AT = 40;

/** A mono WAV file of 16-bit PCM that is written while the sound arrives. Closed by its owner. */
export class WavFile {
  private dataBytes = 0;

  constructor(
    private readonly file: RecordingFile,
    private readonly sampleRateHz: number,
  ) {
    file.append(this.header(UNKNOWN_BYTES));
  }

  /** The samples are read before the call returns. */
  append(pcm: Int16Array): void {
    this.dataBytes += pcm.byteLength;
    this.file.append(bytesFromPcm16(pcm.slice()));
  }

  /** Writes the actual length into the header. Resolves when the file is closed. */
  close(): Promise<void> {
    return this.file.close(this.header(this.dataBytes));
  }

  giveUp(): void {
    this.file.giveUp();
  }

  private header(dataBytes: number): Uint8Array {
    const header = encodeWav(new Int16Array(0), this.sampleRateHz);
    const view = new DataView(header.buffer, header.byteOffset);
    view.setUint32(RIFF_SIZE_AT, Math.min(UNKNOWN_BYTES, dataBytes + header.byteLength - 8), true);
    view.setUint32(DATA_SIZE_AT, Math.min(UNKNOWN_BYTES, dataBytes), true);
    return header;
  }
}
