import { type BrowserFakes, installBrowserFakes, settled, showPage } from '../testing/browser-fakes';
import { FakeAudioContext, FakeAudioWorkletNode } from '../testing/fake-audio';
import { WORKLET_URLS } from '../testing/worklet-urls';
import { AudioModules } from './audio-modules';
import { AudioRig, LOAD_TIMEOUT_MS } from './audio-rig';
import { SILENCE_DBFS } from './mic-capture';
import { RESUME_TIMEOUT_MS } from './sound-switch';

describe('AudioRig', () => {
  let fakes: BrowserFakes;
  const handlers = { onFrame: jest.fn(), onLost: jest.fn(), onRunning: jest.fn() };
  const playbackHandlers = { onReport: jest.fn(), onUnderrun: jest.fn(), onBroken: jest.fn() };

  const newRig = (): AudioRig => new AudioRig(handlers, new AudioModules(WORKLET_URLS));

  beforeEach(() => {
    fakes = installBrowserFakes();
  });
  afterEach(() => {
    jest.clearAllMocks();
    fakes.restore();
  });

  it('creates one interactive audio context and starts it within the click', () => {
    newRig();
    expect(FakeAudioContext.made).toHaveLength(1);
    expect([fakes.context().options, fakes.context().state]).toEqual([{ latencyHint: 'interactive' }, 'running']);
  });

  it('loads both worklets before it is ready', async () => {
    expect(await newRig().ready).toBe(true);
    expect(fakes.context().modules).toEqual(['capture.js', 'playback.js']);
  });

  it('plays to the speaker through one analyser, which measures the level', async () => {
    const rig = newRig();
    rig.openPlayback(24_000, playbackHandlers);
    await settled();
    const { analysers, destination } = fakes.context();
    expect(analysers).toHaveLength(1);
    expect(fakes.context().worklet('parley-playback')?.connectedTo).toEqual(analysers);
    expect(analysers[0]?.connectedTo).toEqual([destination]);
    expect(rig.outputDbfs()).toBe(SILENCE_DBFS);
    analysers.forEach((analyser) => (analyser.level = 0.1));
    expect(rig.outputDbfs()).toBeCloseTo(-20, 4);
  });

  it('plays speech that arrived before the worklets were loaded', async () => {
    let loaded = (): void => undefined;
    FakeAudioContext.loading = new Promise((resolve) => (loaded = resolve));
    const playback = newRig().openPlayback(24_000, playbackHandlers);
    playback.play({ turn: 1, pcm: new Uint8Array(8), last: false });
    await settled();
    expect(fakes.context().worklets).toEqual([]);
    loaded();
    await settled();
    expect(fakes.context().worklet('parley-playback')?.port.ofType('audio')).toHaveLength(1);
  });

  it('gives each conversation its own playback', async () => {
    const rig = newRig();
    await rig.ready;
    rig.openPlayback(24_000, playbackHandlers);
    await settled();
    rig.openPlayback(16_000, playbackHandlers);
    await settled();
    expect(fakes.context().worklets.map((node) => [node.options.processorOptions, node.port.ofType('stop').length])).toEqual([
      [expect.objectContaining({ sourceRateHz: 24_000 }), 1],
      [expect.objectContaining({ sourceRateHz: 16_000 }), 0],
    ]);
  });

  it('is not ready when there are no worklets or when they cannot be loaded', async () => {
    FakeAudioContext.hasWorklets = false;
    expect(await newRig().ready).toBe(false);
    FakeAudioContext.hasWorklets = true;
    FakeAudioContext.loading = Promise.reject(new Error('404'));
    expect(await newRig().ready).toBe(false);
  });

  it.each<[string, () => void]>([
    ['there is no Web Audio', () => Reflect.deleteProperty(globalThis, 'AudioContext')],
    [
      'the browser has no audio device',
      () =>
        Object.defineProperty(globalThis, 'AudioContext', {
          value: class {
            constructor() {
              throw new DOMException('', 'NotSupportedError');
            }
          },
          configurable: true,
        }),
    ],
    ['there are no worklets', () => Reflect.deleteProperty(globalThis, 'AudioWorkletNode')],
  ])('works without sound when %s', async (_name, take) => {
    take();
    const rig = newRig();
    expect([await rig.ready, rig.problem]).toEqual([false, 'unsupported']);
    rig.openPlayback(24_000, playbackHandlers).play({ turn: 1, pcm: new Uint8Array(8), last: true });
    rig.setMuted(true);
    rig.resume();
    expect([rig.outputDbfs(), rig.inputDbfs(), rig.outputLatencyMs]).toEqual([SILENCE_DBFS, SILENCE_DBFS, 0]);
    rig.close();
  });

  it('reports why it is not ready', async () => {
    FakeAudioContext.loading = Promise.reject(new Error('404'));
    const broken = newRig();
    await broken.ready;
    expect(broken.problem).toBe('not_loaded');
    Object.defineProperty(navigator, 'mediaDevices', { value: undefined, configurable: true });
    expect(broken.problem).toBe('insecure');
    broken.close();
  });

  describe('as time passes', () => {
    beforeEach(() => {
      jest.useFakeTimers();
    });
    afterEach(() => {
      expect(jest.getTimerCount()).toBe(0);
      showPage(true);
      jest.useRealTimers();
    });

    it('does not wait forever for worklets that do not load', async () => {
      FakeAudioContext.loading = new Promise(() => undefined);
      const rig = newRig();
      jest.advanceTimersByTime(LOAD_TIMEOUT_MS);
      expect([await rig.ready, rig.problem]).toEqual([false, 'not_loaded']);
      rig.close();
    });

    it('can be closed while the worklets load', async () => {
      FakeAudioContext.loading = new Promise(() => undefined);
      const rig = newRig();
      rig.close();
      expect(await rig.ready).toBe(false);
    });

    it('reports a browser that neither starts the sound nor gives an error', () => {
      FakeAudioContext.mayRun = false;
      const rig = newRig();
      expect(handlers.onRunning).not.toHaveBeenCalled();
      jest.advanceTimersByTime(RESUME_TIMEOUT_MS);
      expect([handlers.onRunning.mock.calls, rig.isRunning]).toEqual([[[false]], false]);
      FakeAudioContext.mayRun = true;
      rig.resume();
      expect([handlers.onRunning.mock.calls.at(-1), rig.isRunning]).toEqual([[true], true]);
      rig.close();
    });

    it('requests the sound again when the page becomes visible again', () => {
      const rig = newRig();
      fakes.context().moveTo('suspended');
      showPage(false);
      expect(rig.isRunning).toBe(false);
      showPage(true);
      expect(rig.isRunning).toBe(true);
      rig.close();
      const { resumes } = fakes.context();
      showPage(true);
      expect(fakes.context().resumes).toBe(resumes);
    });

    it('keeps the audio device until the current sound has faded out', async () => {
      FakeAudioWorkletNode.hangs = true;
      const rig = newRig();
      await rig.ready;
      rig.openPlayback(24_000, playbackHandlers);
      await settled();
      rig.close();
      expect(fakes.context().state).toBe('running');
      fakes.context().worklet('parley-playback')?.port.deliver({ type: 'stopped' });
      expect(fakes.context().state).toBe('closed');
    });
  });

  it('stays muted when the microphone is opened later', async () => {
    const rig = newRig();
    rig.setMuted(true);
    await rig.ready;
    await rig.useMicrophone('');
    expect(fakes.context().worklet('parley-capture')?.port.posted).toEqual([{ type: 'mute', muted: true }]);
  });

  it('reports when the system pauses the sound, and requests it again', () => {
    const rig = newRig();
    handlers.onRunning.mockClear();
    fakes.context().moveTo('suspended');
    rig.resume();
    expect(handlers.onRunning.mock.calls).toEqual([[false], [true]]);
  });

  it('releases all resources when it is closed, once or twice', async () => {
    const rig = newRig();
    await rig.ready;
    await rig.useMicrophone('');
    rig.openPlayback(24_000, playbackHandlers);
    await settled();
    handlers.onRunning.mockClear();
    rig.close();
    rig.close();
    expect(fakes.devices.tracks.map((track) => track.stopped)).toEqual([true]);
    expect(fakes.context().worklets.map((node) => node.port.ofType('stop').length)).toEqual([1, 1]);
    expect([fakes.context().state, handlers.onRunning.mock.calls]).toEqual(['closed', []]);
    expect(await rig.useMicrophone('')).toBeUndefined();
    expect(fakes.devices.tracks).toHaveLength(1);
  });
});
