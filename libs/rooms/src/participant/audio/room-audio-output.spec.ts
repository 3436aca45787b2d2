import type { PlaybackReport } from '@parley/engine';
import { RecordingLogger, onVirtualTime, pass, settle } from '@parley/engine/testing';
import { RoomAudioOutput, type SpeechSink } from './room-audio-output';

const FRAME_MS = 20;
const CAPACITY_MS = 200;
const now = () => performance.now();

/** Plays in virtual time, like the queue of the media server's client: a capture waits while the queue is full. */
class FakeSink implements SpeechSink {
  /** The first sample of every frame that was sent to the room, in order. */
  readonly sent: number[] = [];
  closed = 0;
  failure: Error | undefined;
  private readonly queue: number[] = [];
  private readonly waiting: { sample: number; taken: () => void }[] = [];
  private timer = setInterval(() => this.send(), FRAME_MS);

  get queuedMs(): number {
    return this.queue.length * FRAME_MS;
  }

  capture(pcm: Int16Array): Promise<void> {
    if (this.failure) return Promise.reject(this.failure);
    return new Promise((taken) => {
      this.waiting.push({ sample: pcm[0] ?? 0, taken });
      this.take();
    });
  }

  /** As with the real one, a capture that is waiting gets through afterwards. */
  clear(): void {
    this.queue.length = 0;
    this.take();
  }

  close(): Promise<void> {
    this.closed += 1;
    clearInterval(this.timer);
    return Promise.resolve();
  }

  private take(): void {
    while (this.queuedMs < CAPACITY_MS) {
      const next = this.waiting.shift();
      if (next === undefined) return;
      this.queue.push(next.sample);
      next.taken();
    }
  }

  private send(): void {
    const sample = this.queue.shift();
    if (sample !== undefined) this.sent.push(sample);
    this.take();
  }
}

describe('the audio output to a room', () => {
  const suite = onVirtualTime({ mayLeaveTimers: true });

  const given = () => {
    const sink = new FakeSink();
    const reports: PlaybackReport[] = [];
    const output = new RoomAudioOutput({ sink, now, report: (report) => reports.push(report), logger: RecordingLogger.current });
    const play = (turn: number, durationMs: number, sample: number, last = false) =>
      output.play({ turn, seq: 0, pcm: new Int16Array(durationMs * 24).fill(sample), last });
    return { sink, output, reports, play };
  };

  it('plays in real time, and reports what was heard until the end', async () => {
    const { sink, reports, play } = given();
    play(1, 1_000, 7);
    play(1, 0, 0, true);
    await pass(500);
    expect(sink.sent.length).toBeGreaterThan(20);
    expect(sink.sent.length).toBeLessThan(30);
    expect(reports.at(-1)?.event).toBe('progress');
    // What has left the process is not heard yet.
    expect(reports.at(-1)?.playedMs).toBeLessThan(sink.sent.length * FRAME_MS);
    await pass(1_000);
    expect(sink.sent).toHaveLength(50);
    expect(reports[0]?.event).toBe('started');
    expect(reports.filter(({ event }) => event === 'ended')).toEqual([{ turn: 1, event: 'ended', playedMs: 1_000 }]);
    const positions = reports.map(({ playedMs }) => playedMs);
    expect(positions).toEqual([...positions].sort((one, other) => one - other));
  });

  it('sends nothing more of a turn that was cleared, not even a frame that was waiting', async () => {
    const { sink, output, reports, play } = given();
    play(1, 2_000, 7);
    await pass(300);
    const before = sink.sent.length;
    output.clear(1);
    const reported = reports.length;
    play(2, 200, 9, true);
    await pass(1_000);
    expect(sink.sent.slice(before).filter((sample) => sample === 7)).toEqual([]);
    expect(sink.sent.filter((sample) => sample === 9)).toHaveLength(10);
    expect(reports.slice(reported).every(({ turn }) => turn === 2)).toBe(true);
  });

  it('keeps the turn that is played when another one is cleared', async () => {
    const { sink, output, play } = given();
    play(1, 400, 7, true);
    await settle();
    output.clear(2);
    await pass(1_000);
    expect(sink.sent).toHaveLength(20);
  });

  it('is inaudible while it is silent, and what was said then is never heard', async () => {
    const { sink, output, play } = given();
    play(1, 2_000, 7);
    await pass(300);
    const before = sink.sent.length;
    output.silence(true);
    play(1, 500, 8);
    await pass(500);
    output.silence(false);
    await pass(500);
    expect(sink.sent).toHaveLength(before);
    play(2, 100, 9, true);
    await pass(300);
    expect(sink.sent.slice(before)).toEqual([9, 9, 9, 9, 9]);
  });

  it('sends nothing after it was stopped, and releases its sink', async () => {
    const { sink, output, play } = given();
    play(1, 2_000, 7);
    await pass(300);
    const before = sink.sent.length;
    output.stop();
    const closed = output.close();
    await pass(400);
    await closed;
    play(1, 200, 8);
    output.clear(1);
    await pass(500);
    expect(sink.sent).toHaveLength(before);
    expect(sink.closed).toBe(1);
  });

  it('logs a sink that fails once, and does not throw', async () => {
    const { sink, play } = given();
    sink.failure = new Error('InvalidState');
    play(1, 1_000, 7, true);
    await pass(500);
    expect(suite.logger.lines).toHaveLength(1);
    suite.logger.lines.length = 0;
  });

  it('does not keep the speech that it was given, which belongs to its sender', async () => {
    const { sink, output } = given();
    const pcm = new Int16Array(480).fill(7);
    output.play({ turn: 1, seq: 0, pcm, last: true });
    pcm.fill(8);
    await pass(300);
    expect(sink.sent).toEqual([7]);
  });
});
