import { Injectable } from '@nestjs/common';

/** Measures how much clients saved by sending compressed audio. Counts from the start of the server. */
@Injectable()
export class InputMeter {
  /** Bytes of the compressed audio, without base64. */
  compressedBytes = 0;
  /** Bytes of the decoded PCM, at our input sample rate. */
  pcmBytes = 0;

  addCompressed(compressedBytes: number, pcmBytes: number): void {
    this.compressedBytes += compressedBytes;
    this.pcmBytes += pcmBytes;
  }
}
