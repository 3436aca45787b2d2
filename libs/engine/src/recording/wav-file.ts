import { bytesFromPcm16, encodeWav } from '@parley/audio';
import type { RecordingFile } from './recording-file';

/** What a reader of a recording that was never closed finds: as much as there is. */
const UNKNOWN_BYTES = 0xffff_ffff;
const RIFF_SIZE_AT = 4;
const DATA_SIZE_AT = 40;

/** A mono WAV file of 16-bit PCM that is written as the sound comes. Whoever makes it closes it. */
export class WavFile {
  private dataBytes = 0;

  constructor(
    private readonly file: RecordingFile,
    private readonly sampleRateHz: number,
  ) {
    file.append(this.header(UNKNOWN_BYTES));
  }

  /** Reads the samples before it returns. */
  append(pcm: Int16Array): void {
    this.dataBytes += pcm.byteLength;
    this.file.append(bytesFromPcm16(pcm.slice()));
  }

  /** Resolves when the file is closed, with its true length at its beginning. */
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
