import { AudioModules } from '../audio/audio-modules';
import { RETRY_DELAYS_MS } from '../link/retries';
import { type BrowserFakes, installBrowserFakes, settled } from '../testing/browser-fakes';
import { FakeAudioContext, type FakeAudioWorkletNode } from '../testing/fake-audio';
import { FakeWebSocket } from '../testing/fake-web-socket';
import { speechMessage, startNarration } from '../testing/server-script';
import { WORKLET_URLS } from '../testing/worklet-urls';
import { LiveNarration } from './live-narration';

describe('LiveNarration', () => {
  let fakes: BrowserFakes;
  let modules: AudioModules;
  let narration: LiveNarration;
  const handlers = {
    onRetry: jest.fn(),
    onMessage: jest.fn(),
    onClosed: jest.fn(),
    onFinished: jest.fn(),
    onUnderrun: jest.fn(),
    onSoundRunning: jest.fn(),
    onSoundBroken: jest.fn(),
  };

  const node = (): FakeAudioWorkletNode => {
    const found = fakes.context().worklet('parley-playback');
    if (!found) throw new Error('Nothing is played.');
    return found;
  };
  const plays = (type: 'started' | 'progress' | 'ended', turn: number, playedMs: number): void =>
    node().port.deliver({ type, turn, playedMs });
  const playedTurns = (): unknown[] =>
    node()
      .port.ofType('audio')
      .map((message) => (message as { turn: number }).turn);
  const open = async (): Promise<void> => {
    narration = new LiveNarration('ws://test/ws/narration', modules, handlers);
    narration.start({ voice_id: 'anna' });
    startNarration(fakes.socket());
    await narration.ready;
    await settled();
  };
  const align = (segment: number, text: string): void => {
    const chars = [...text];
    const times = chars.map((_, index) => index * 100);
    fakes.socket().say({ type: 'alignment', segment, chars, start_ms: times, duration_ms: times.map(() => 100) });
  };
  const heardWord = (): string => {
    const { from, to } = narration.heardWord();
    return narration.spoken.text.slice(from, to);
  };
  const completed = (): void => fakes.socket().say({ type: 'narration_completed', narration_id: 'n-1', reason: 'completed' });

  beforeEach(() => {
    jest.useFakeTimers();
    fakes = installBrowserFakes();
    modules = new AudioModules(WORKLET_URLS);
  });
  afterEach(() => {
    narration.close();
    modules.close();
    jest.advanceTimersByTime(1_000);
    expect(jest.getTimerCount()).toBe(0);
    expect(FakeAudioContext.made.map(({ state }) => state)).toEqual(FakeAudioContext.made.map(() => 'closed'));
    jest.useRealTimers();
    jest.clearAllMocks();
    fakes.restore();
  });

  it('plays the speech in order and tells the server what is heard', async () => {
    await open();
    fakes.socket().deliver(speechMessage(1));
    fakes.socket().deliver(speechMessage(1, { seq: 1, last: true }));
    fakes.socket().deliver(speechMessage(2));
    plays('started', 1, 0);
    plays('progress', 1, 250);
    expect(playedTurns()).toEqual([1, 1, 2]);
    expect(node().options.processorOptions).toMatchObject({ sourceRateHz: 24_000 });
    expect(fakes.socket().ofType('playback')).toEqual([
      { type: 'playback', turn: 1, event: 'started', played_ms: 0 },
      { type: 'playback', turn: 1, event: 'progress', played_ms: 250 },
    ]);
  });

  it('knows the word that is heard, not the one that was sent', async () => {
    await open();
    align(1, 'One two ');
    align(2, 'three');
    expect(heardWord()).toBe('');
    fakes.socket().deliver(speechMessage(1));
    plays('started', 1, 0);
    expect(heardWord()).toBe('One');
    plays('progress', 1, 500);
    expect(heardWord()).toBe('two');
    plays('ended', 1, 800);
    plays('started', 2, 0);
    expect(heardWord()).toBe('three');
  });

  it('falls silent at once when it is paused, and keeps what arrives in the meantime', async () => {
    await open();
    fakes.socket().deliver(speechMessage(1));
    plays('started', 1, 0);
    narration.pause();
    narration.pause();
    fakes.socket().deliver(speechMessage(2));
    expect(node().port.ofType('pause')).toEqual([{ type: 'pause', turn: 1, active: true }]);
    expect([playedTurns(), fakes.socket().ofType('pause')]).toEqual([[1], [{ type: 'pause' }]]);
    narration.resume();
    expect(node().port.ofType('pause').at(-1)).toEqual({ type: 'pause', turn: 1, active: false });
    expect([playedTurns(), fakes.socket().ofType('resume')]).toEqual([[1, 2], [{ type: 'resume' }]]);
  });

  it('is finished when the last word was heard, not when the last audio has come', async () => {
    await open();
    fakes.socket().deliver(speechMessage(1, { last: true }));
    plays('started', 1, 0);
    completed();
    expect([handlers.onClosed.mock.calls, handlers.onFinished.mock.calls]).toEqual([[['completed']], []]);
    plays('ended', 1, 400);
    expect(handlers.onFinished).toHaveBeenCalledTimes(1);
  });

  it('is finished at once when nothing was spoken, and when it was cancelled', async () => {
    await open();
    completed();
    expect(handlers.onFinished).toHaveBeenCalledTimes(1);
    await open();
    fakes.socket().deliver(speechMessage(1));
    plays('started', 1, 0);
    narration.cancel();
    expect(node().port.ofType('stop')).toHaveLength(1);
    fakes.socket().say({ type: 'narration_completed', narration_id: 'n-1', reason: 'cancelled' });
    expect(handlers.onFinished).toHaveBeenCalledTimes(2);
  });

  it('goes on after the last word that was heard when the connection breaks', async () => {
    await open();
    narration.text('One two ');
    narration.setVoice('bo');
    narration.text('three four ');
    align(1, 'One two ');
    fakes.socket().deliver(speechMessage(1, { last: true }));
    align(2, 'three fo');
    fakes.socket().deliver(speechMessage(2));
    plays('started', 1, 0);
    plays('ended', 1, 800);
    plays('started', 2, 0);
    fakes.socket().drop(1006);
    narration.text('five ');
    narration.end();
    expect([handlers.onRetry.mock.calls.length, FakeWebSocket.made.length]).toEqual([1, 1]);
    expect(node().port.ofType('audio').at(-1)).toMatchObject({ turn: 2, last: true });
    plays('ended', 2, 700);
    jest.advanceTimersByTime(RETRY_DELAYS_MS[0] ?? 0);
    startNarration(fakes.socket());
    expect(fakes.socket().messages.slice(1)).toEqual([
      { type: 'set_voice', voice_id: 'bo' },
      { type: 'text', text: 'four ' },
      { type: 'text', text: 'five ' },
      { type: 'end_text' },
    ]);
    align(1, 'four five ');
    fakes.socket().deliver(speechMessage(1, { last: true }));
    expect(playedTurns().at(-1)).toBe(3);
    plays('started', 3, 0);
    expect([narration.spoken.text, heardWord()]).toEqual(['One two three four five ', 'four']);
    expect(fakes.socket().ofType('playback')).toEqual([{ type: 'playback', turn: 1, event: 'started', played_ms: 0 }]);
    completed();
    plays('ended', 3, 1_000);
    expect([handlers.onClosed.mock.calls, handlers.onFinished.mock.calls.length]).toEqual([[['completed']], 1]);
  });

  it('does not connect again when all of the text was heard', async () => {
    await open();
    narration.text('One ');
    narration.end();
    align(1, 'One ');
    fakes.socket().deliver(speechMessage(1, { last: true }));
    plays('started', 1, 0);
    plays('ended', 1, 400);
    fakes.socket().drop(1006);
    expect([handlers.onClosed.mock.calls, handlers.onFinished.mock.calls.length, FakeWebSocket.made.length]).toEqual([
      [['completed']],
      1,
      1,
    ]);
  });

  it('gives up in the end when the server does not come back', async () => {
    await open();
    narration.text('One ');
    fakes.socket().drop(1006);
    for (let attempt = 0; attempt < 100 && handlers.onClosed.mock.calls.length === 0; attempt++) {
      jest.advanceTimersByTime(20_000);
      if (fakes.socket().readyState !== 3) fakes.socket().drop(1006);
    }
    expect([handlers.onClosed.mock.calls, handlers.onRetry.mock.calls.length]).toEqual([[['unreachable']], 1]);
    expect(handlers.onFinished).toHaveBeenCalledTimes(1);
  });

  it('can be cancelled while there is no connection', async () => {
    await open();
    narration.text('One ');
    fakes.socket().drop(1006);
    narration.cancel();
    expect([handlers.onClosed.mock.calls, handlers.onFinished.mock.calls.length]).toEqual([[['cancelled']], 1]);
  });

  it('says when the page cannot play, and waits for nothing that would be heard', async () => {
    FakeAudioContext.refusedModules = /./;
    await open();
    expect(await narration.ready).toBe(false);
    fakes.socket().deliver(speechMessage(1, { last: true }));
    completed();
    expect(handlers.onFinished).toHaveBeenCalledTimes(1);
  });

  it('says nothing more after it was closed, and cancels on the server', async () => {
    await open();
    const socket = fakes.socket();
    fakes.socket().deliver(speechMessage(1));
    narration.close();
    expect([socket.ofType('cancel').length, socket.closedWith]).toEqual([1, 1000]);
    expect([handlers.onClosed.mock.calls, handlers.onFinished.mock.calls]).toEqual([[], []]);
  });
});
