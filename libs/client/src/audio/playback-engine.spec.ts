import { SPEECH_FRAME_HEADER_BYTES, encodeSpeechFrame } from '@parley/protocol';
import { type BrowserFakes, installBrowserFakes } from '../testing/browser-fakes';
import { FakeAudioWorkletNode } from '../testing/fake-audio';
import { FADE_TIMEOUT_MS, PROGRESS_INTERVAL_MS, PlaybackEngine } from './playback-engine';

describe('PlaybackEngine', () => {
  let fakes: BrowserFakes;
  let output: AnalyserNode;
  let engine: PlaybackEngine;
  const handlers = { onReport: jest.fn(), onUnderrun: jest.fn(), onBroken: jest.fn() };

  const node = (): FakeAudioWorkletNode => {
    const found = fakes.context().worklet('parley-playback');
    if (!found) throw new Error('no playback node');
    return found;
  };
  const frame = (turn: number, last = false) => ({ turn, pcm: new Uint8Array(8), last });
  const playedTurns = (): unknown[] =>
    node()
      .port.ofType('audio')
      .map((message) => (message as { turn: number }).turn);

  beforeEach(() => {
    fakes = installBrowserFakes();
    const context = new AudioContext();
    void context.resume();
    output = context.createAnalyser();
    engine = new PlaybackEngine(handlers);
  });
  afterEach(() => {
    jest.clearAllMocks();
    fakes.restore();
  });

  it('creates the worklet for the sample rate of the conversation and connects it to the given output', () => {
    engine.attach(output, 24_000);
    expect(node().options.processorOptions).toEqual({ sourceRateHz: 24_000, startMs: expect.any(Number) });
    expect(node().connectedTo).toEqual([output]);
  });

  it('transfers the samples to the audio thread', () => {
    engine.attach(output, 24_000);
    const played = frame(1, true);
    engine.play(played);
    expect(node().port.posted).toEqual([{ type: 'audio', turn: 1, pcm: played.pcm, last: true }]);
    expect(node().port.transferred).toEqual([played.pcm.buffer]);
  });

  it('transfers a whole message and tells the audio thread where its samples are', () => {
    engine.attach(output, 24_000);
    const message = new Uint8Array(encodeSpeechFrame({ turn: 1, seq: 0, last: false, pcm: Uint8Array.of(5, 6, 7, 8) }));
    engine.play({ turn: 1, pcm: message.subarray(SPEECH_FRAME_HEADER_BYTES), last: false });
    const [command] = node().port.ofType('audio') as { pcm: Uint8Array }[];
    expect(command && [command.pcm.byteOffset, ...command.pcm]).toEqual([SPEECH_FRAME_HEADER_BYTES, 5, 6, 7, 8]);
    expect(node().port.transferred[0]).toBe(message.buffer);
  });

  it('plays speech that arrived before the worklet was ready, in order', () => {
    engine.play(frame(1));
    engine.play(frame(2));
    engine.attach(output, 24_000);
    engine.play(frame(3));
    expect(playedTurns()).toEqual([1, 2, 3]);
  });

  it('discards an interrupted turn that is still waiting for the worklet', () => {
    engine.play(frame(1));
    engine.flush(1);
    engine.play(frame(2));
    engine.attach(output, 24_000);
    expect(playedTurns()).toEqual([2]);
  });

  it('silences an interrupted turn at once and drops its late frames, but plays the next turn', () => {
    engine.attach(output, 24_000);
    engine.play(frame(1));
    engine.flush(1);
    engine.play(frame(1));
    engine.play(frame(2));
    engine.play(frame(1, true));
    expect(node().port.ofType('flush')).toEqual([{ type: 'flush', turn: 1 }]);
    expect(playedTurns()).toEqual([1, 2]);
    expect([engine.isStopped(1), engine.isStopped(2)]).toEqual([true, false]);
  });

  it('passes ducking on to the worklet', () => {
    engine.attach(output, 24_000);
    engine.duck(3, true);
    engine.duck(3, false);
    expect(node().port.posted).toEqual([
      { type: 'duck', turn: 3, active: true },
      { type: 'duck', turn: 3, active: false },
    ]);
  });

  it('passes a pause on to the worklet, but not for a turn that was interrupted', () => {
    engine.attach(output, 24_000);
    engine.pause(3, true);
    engine.pause(3, false);
    engine.flush(3);
    engine.pause(3, true);
    engine.pause(2, true);
    expect(node().port.ofType('pause')).toEqual([
      { type: 'pause', turn: 3, active: true },
      { type: 'pause', turn: 3, active: false },
    ]);
  });

  it('reports the start and the end at once, and the progress at most once per interval', () => {
    engine.attach(output, 24_000);
    node().port.deliver({ type: 'started', turn: 1, playedMs: 0 });
    for (let playedMs = 50; playedMs <= 1_000; playedMs += 50) node().port.deliver({ type: 'progress', turn: 1, playedMs });
    node().port.deliver({ type: 'ended', turn: 1, playedMs: 1_010.4 });
    expect(PROGRESS_INTERVAL_MS).toBe(250);
    expect(handlers.onReport.mock.calls.map(([report]) => report)).toEqual([
      { turn: 1, event: 'started', playedMs: 0 },
      ...[250, 500, 750, 1_000].map((playedMs) => ({ turn: 1, event: 'progress', playedMs })),
      { turn: 1, event: 'ended', playedMs: 1_010 },
    ]);
  });

  it('reports where an interrupted turn stopped, with the same limit on the number of reports', () => {
    engine.attach(output, 24_000);
    node().port.deliver({ type: 'started', turn: 1, playedMs: 0 });
    node().port.deliver({ type: 'flushed', turn: 1, playedMs: 249 });
    node().port.deliver({ type: 'started', turn: 2, playedMs: 0 });
    node().port.deliver({ type: 'flushed', turn: 2, playedMs: 300 });
    expect(handlers.onReport.mock.calls.map(([report]) => report)).toEqual([
      { turn: 1, event: 'started', playedMs: 0 },
      { turn: 2, event: 'started', playedMs: 0 },
      { turn: 2, event: 'progress', playedMs: 300 },
    ]);
  });

  it('counts gaps, and leaves the measuring of levels to the analyser', () => {
    engine.attach(output, 24_000);
    node().port.deliver({ type: 'underrun', turn: 4 });
    node().port.deliver({ type: 'level', dbfs: -20 });
    expect(handlers.onUnderrun.mock.calls).toEqual([[4]]);
    expect(handlers.onReport).not.toHaveBeenCalled();
  });

  it('is silent after it was closed, whether the worklet was ready before or becomes ready later', () => {
    engine.attach(output, 24_000);
    const attached = node();
    engine.close();
    engine.play(frame(1));
    attached.port.deliver({ type: 'ended', turn: 1, playedMs: 10 });
    expect([attached.port.posted, attached.connectedTo, handlers.onReport.mock.calls]).toEqual([[{ type: 'stop' }], [], []]);

    const late = new PlaybackEngine(handlers);
    late.close();
    late.attach(output, 24_000);
    expect(fakes.context().worklets).toHaveLength(1);
  });

  describe('when it is closed', () => {
    const onSilent = jest.fn();
    beforeEach(() => {
      jest.useFakeTimers();
      FakeAudioWorkletNode.hangs = true;
      engine.attach(output, 24_000);
    });
    afterEach(() => {
      expect(jest.getTimerCount()).toBe(0);
      jest.useRealTimers();
    });

    it('stays connected until the worklet has faded out', () => {
      engine.close(onSilent);
      expect([node().port.posted, node().connectedTo, onSilent.mock.calls.length]).toEqual([[{ type: 'stop' }], [output], 0]);
      node().port.deliver({ type: 'level', dbfs: -20 });
      expect(onSilent).not.toHaveBeenCalled();
      node().port.deliver({ type: 'stopped' });
      expect([node().connectedTo, onSilent.mock.calls.length]).toEqual([[], 1]);
    });

    it('does not wait forever for an audio thread that does not answer', () => {
      engine.close(onSilent);
      jest.advanceTimersByTime(FADE_TIMEOUT_MS);
      expect([node().connectedTo, onSilent.mock.calls.length]).toEqual([[], 1]);
    });

    it('waits for nothing when the browser does not run the sound', () => {
      fakes.context().moveTo('suspended');
      engine.close(onSilent);
      expect([node().connectedTo, onSilent.mock.calls.length]).toEqual([[], 1]);
    });

    it('reports that it is silent at once when there is no worklet', () => {
      new PlaybackEngine(handlers).close(onSilent);
      expect(onSilent).toHaveBeenCalledTimes(1);
    });
  });

  it.each<[string, () => void]>([
    [
      'cannot be created',
      () => {
        FakeAudioWorkletNode.fails = true;
        engine.attach(output, 24_000);
      },
    ],
    [
      'fails while it is running',
      () => {
        engine.attach(output, 24_000);
        node().onprocessorerror?.();
      },
    ],
  ])('reports when the worklet %s, and plays nothing more', (_name, breakDown) => {
    breakDown();
    expect(handlers.onBroken).toHaveBeenCalledTimes(1);
    engine.play(frame(1));
    engine.attach(output, 24_000);
    expect(fakes.context().worklets.flatMap((worklet) => worklet.port.ofType('audio'))).toEqual([]);
    expect(handlers.onBroken).toHaveBeenCalledTimes(1);
  });
});
