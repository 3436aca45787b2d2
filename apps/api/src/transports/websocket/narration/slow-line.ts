import type { NarrationAudioFormat } from '@parley/protocol';
import { LineRate } from './line-rate';
import { RateChanger } from './rate-changer';

export interface SlowLineOptions {
  /** Rate of the speech, in Hz. */
  agreedHz: number;
  now: () => number;
  /** Bytes that wait to be sent. */
  waitingBytes: () => number;
  tell: (message: NarrationAudioFormat) => void;
}

/** Speech of one message. */
export interface SegmentAudio {
  segment: number;
  pcm: Int16Array;
  last: boolean;
}

/** Sends speech at a lower rate while the client's line is too slow for the agreed one. The client is told before each change. */
export class SlowLine {
  private readonly line: LineRate;
  private readonly changer: RateChanger;
  private toldHz: number;

  constructor(private readonly options: SlowLineOptions) {
    this.line = new LineRate(options.agreedHz, options.now);
    this.changer = new RateChanger(options.agreedHz);
    this.toldHz = options.agreedHz;
  }

  /** Bytes were given to the socket. */
  sent(bytes: number): void {
    this.line.sent(bytes);
  }

  /** The audio to be sent for this speech. */
  adapt({ segment, pcm, last }: SegmentAudio): Int16Array {
    if (last) return this.changer.finish();
    const rateHz = this.line.next(this.options.waitingBytes());
    if (rateHz !== this.toldHz) this.options.tell({ type: 'audio_format', segment, sample_rate: rateHz });
    this.toldHz = rateHz;
    return this.changer.convert(pcm, rateHz);
  }
}
