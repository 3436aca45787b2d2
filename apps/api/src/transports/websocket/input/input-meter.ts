import { Injectable } from '@nestjs/common';

/** What clients saved by sending compressed audio: counts since the server started. */
@Injectable()
export class InputMeter {
  /** As it was sent, without base64. */
  compressedBytes = 0;
  /** The PCM it stands for, at our input rate. */
  pcmBytes = 0;

  addCompressed(compressedBytes: number, pcmBytes: number): void {
    this.compressedBytes += compressedBytes;
    this.pcmBytes += pcmBytes;
  }
}
