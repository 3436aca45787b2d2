import { Duplex } from 'node:stream';

/** The server's end of a connection whose client sends nothing. Keeps everything that the server writes. */
export class FakeDuplex extends Duplex {
  written = '';
  bytesWritten = 0;

  override _read(): void {
    // Nothing arrives.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.written += chunk.toString('latin1');
    this.bytesWritten += chunk.length;
    done();
  }
}
