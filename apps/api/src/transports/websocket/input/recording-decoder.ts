import { setImmediate } from 'node:timers/promises';
import { INPUT_SAMPLE_RATE_HZ } from '@parley/protocol';
import type { TakePcm } from './decoded-audio';
import type { NewOpusDecoder, OpusPacketDecoder } from './opus-decoder';

/** The packets of one message that are to be decoded. */
interface Work {
  /** The recording of the packets: each recording needs its own decoder. */
  recording: object;
  preSkip48k: number;
  packets: readonly Uint8Array[];
  take: TakePcm;
}

const OPUS_CLOCK_HZ = 48_000;

/**
 * Decodes recordings one after the other, one message at a time and in order: at once when the decoder is ready and no message is waiting,
 * otherwise later, so that a client that sends a minute at once does not delay the others. Has at most one decoder. Owned by the connection,
 * which closes it.
 */
export class RecordingDecoder {
  private readonly waiting: Work[] = [];
  private isWorking = false;
  private closed = false;
  private decoder: OpusPacketDecoder | undefined;
  private recording: object | undefined;
  private toSkip = 0;

  constructor(
    private readonly newDecoder: NewOpusDecoder,
    /** Called when no decoder could be created and the waiting packets are lost, or when a single packet could not be decoded and is lost. */
    private readonly onFailure: (error: unknown) => void,
  ) {}

  decode(work: Work): void {
    if (this.closed) return;
    if (!this.isWorking && this.recording === work.recording) return this.perform(work);
    this.waiting.push(work);
    if (!this.isWorking) void this.work();
  }

  /** Frees the decoder and drops the packets that are waiting for it. */
  close(): void {
    this.closed = true;
    this.waiting.length = 0;
    this.release();
  }

  private async work(): Promise<void> {
    this.isWorking = true;
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) {
      try {
        if (this.recording !== next.recording) await this.begin(next);
        if (!this.closed) this.perform(next);
      } catch (error) {
        this.waiting.length = 0;
        this.onFailure(error);
      }
      if (this.waiting.length > 0) await setImmediate();
    }
    this.isWorking = false;
  }

  private async begin({ recording, preSkip48k }: Work): Promise<void> {
    this.release();
    const decoder = await this.newDecoder();
    if (this.closed) return decoder.free();
    this.decoder = decoder;
    this.recording = recording;
    this.toSkip = Math.round((preSkip48k * INPUT_SAMPLE_RATE_HZ) / OPUS_CLOCK_HZ);
  }

  /** Packets that cannot be decoded are left out; the first one is reported. */
  private perform({ packets, take }: Work): void {
    let failure: { error: unknown } | undefined;
    for (const packet of packets) {
      const pcm = this.decoded(packet, (error) => (failure ??= { error }));
      if (pcm === undefined) continue;
      const skipped = Math.min(this.toSkip, pcm.length);
      this.toSkip -= skipped;
      if (skipped < pcm.length) take(skipped === 0 ? pcm : pcm.slice(skipped));
    }
    if (failure) this.onFailure(failure.error);
  }

  private decoded(packet: Uint8Array, onError: (error: unknown) => void): Int16Array | undefined {
    try {
      return this.decoder?.decode(packet);
    } catch (error) {
      onError(error);
      return undefined;
    }
  }

  private release(): void {
    this.decoder?.free();
    this.decoder = undefined;
    this.recording = undefined;
  }
}
