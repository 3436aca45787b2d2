import { type BrowserFakes, installBrowserFakes, settled } from '../../testing/browser-fakes';
import { FakeAudioContext } from '../../testing/fake-audio';
import { AudioRig } from './audio-rig';
import { SILENCE_DBFS } from './mic-capture';

describe('AudioRig', () => {
  let fakes: BrowserFakes;
  const handlers = { onFrame: jest.fn(), onLost: jest.fn(), onRunning: jest.fn() };
  const playbackHandlers = { onReport: jest.fn(), onUnderrun: jest.fn() };

  beforeEach(() => {
    fakes = installBrowserFakes();
  });
  afterEach(() => {
    jest.clearAllMocks();
    fakes.restore();
  });

  it('builds one interactive context and lets it run, within the click', () => {
    new AudioRig(handlers);
    expect(FakeAudioContext.made).toHaveLength(1);
    expect([fakes.context().options, fakes.context().state]).toEqual([{ latencyHint: 'interactive' }, 'running']);
  });

  it('loads both worklets before it is ready', async () => {
    expect(await new AudioRig(handlers).ready).toBe(true);
    expect(fakes.context().modules).toEqual(['capture.js', 'playback.js']);
  });

  it('plays through one analyser to the speaker, and measures there', async () => {
    const rig = new AudioRig(handlers);
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

  it('plays speech that came before the worklets were loaded', async () => {
    let loaded = (): void => undefined;
    FakeAudioContext.loading = new Promise((resolve) => (loaded = resolve));
    const playback = new AudioRig(handlers).openPlayback(24_000, playbackHandlers);
    playback.play({ turn: 1, pcm: new ArrayBuffer(8), last: false });
    await settled();
    expect(fakes.context().worklets).toEqual([]);
    loaded();
    await settled();
    expect(fakes.context().worklet('parley-playback')?.port.ofType('audio')).toHaveLength(1);
  });

  it('gives each conversation a playback of its own', async () => {
    const rig = new AudioRig(handlers);
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

  it('is not ready where there are no worklets, or where they do not load', async () => {
    FakeAudioContext.hasWorklets = false;
    expect(await new AudioRig(handlers).ready).toBe(false);
    FakeAudioContext.hasWorklets = true;
    FakeAudioContext.loading = Promise.reject(new Error('404'));
    expect(await new AudioRig(handlers).ready).toBe(false);
  });

  it('remembers being muted for a microphone that is opened later', async () => {
    const rig = new AudioRig(handlers);
    rig.setMuted(true);
    await rig.ready;
    await rig.useMicrophone('');
    expect(fakes.context().worklet('parley-capture')?.port.posted).toEqual([{ type: 'mute', muted: true }]);
  });

  it('tells when the system pauses the sound, and asks for it again', () => {
    const rig = new AudioRig(handlers);
    handlers.onRunning.mockClear();
    fakes.context().moveTo('suspended');
    rig.resume();
    expect(handlers.onRunning.mock.calls).toEqual([[false], [true]]);
  });

  it('gives everything back when closed, twice or not', async () => {
    const rig = new AudioRig(handlers);
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
