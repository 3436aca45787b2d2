import { CAPTURE_FRAME_SAMPLES, CAPTURE_SAMPLE_RATE_HZ } from '@parley/audio-worklets';
import { FRAME_SAMPLES, INPUT_SAMPLE_RATE_HZ } from '@parley/protocol';
import { type BrowserFakes, installBrowserFakes, settled } from '../testing/browser-fakes';
import { FakeAudioContext, type FakeAudioWorkletNode } from '../testing/fake-audio';
import { MicCapture, SILENCE_DBFS } from './mic-capture';

describe('the frames of the capture worklet', () => {
  it('have the format that the protocol requires', () => {
    expect([CAPTURE_SAMPLE_RATE_HZ, CAPTURE_FRAME_SAMPLES]).toEqual([INPUT_SAMPLE_RATE_HZ, FRAME_SAMPLES]);
  });
});

describe('MicCapture', () => {
  let fakes: BrowserFakes;
  let context: AudioContext;
  let capture: MicCapture;
  const handlers = { onFrame: jest.fn(), onLost: jest.fn() };

  const node = (): FakeAudioWorkletNode => {
    const found = fakes.context().worklet('parley-capture');
    if (!found) throw new Error('no capture node');
    return found;
  };

  beforeEach(() => {
    fakes = installBrowserFakes();
    context = new AudioContext();
    capture = new MicCapture(context, handlers);
  });
  afterEach(() => {
    jest.clearAllMocks();
    fakes.restore();
  });

  it('requests a mono microphone with the browser’s signal processing', async () => {
    expect(await capture.use('')).toBe('built-in');
    expect(fakes.devices.asked).toEqual([
      { audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 } },
    ]);
  });

  it('passes every frame on with its level', async () => {
    await capture.use('');
    const pcm = new ArrayBuffer(640);
    node().port.deliver({ type: 'frame', pcm, levelDbfs: -23 });
    expect(handlers.onFrame.mock.calls).toEqual([[pcm, -23]]);
    expect(capture.levelDbfs).toBe(-23);
  });

  it('passes nothing on before there is a device, because the worklet then produces only silence', async () => {
    const silence = { type: 'frame', pcm: new ArrayBuffer(640), levelDbfs: SILENCE_DBFS };
    const opening = capture.use('');
    node().port.deliver(silence);
    await opening;
    expect(handlers.onFrame).not.toHaveBeenCalled();
    fakes.devices.tracks[0]?.unplug();
    node().port.deliver(silence);
    expect(handlers.onFrame).toHaveBeenCalledTimes(1);
  });

  it('reports when its worklet fails, and releases the device', async () => {
    await capture.use('');
    node().onprocessorerror?.();
    expect([handlers.onLost.mock.calls, fakes.devices.tracks.map((track) => track.stopped)]).toEqual([[['failed']], [true]]);
  });

  it('releases a device that the audio context does not accept, and keeps the previous one', async () => {
    await capture.use('');
    FakeAudioContext.refusesStreams = true;
    await expect(capture.use('headset')).rejects.toMatchObject({ name: 'NotSupportedError' });
    expect(fakes.devices.tracks.map((track) => track.stopped)).toEqual([false, true]);
  });

  it('changes the device while running, and releases the old one only when the new one is ready', async () => {
    await capture.use('');
    expect(await capture.use('headset')).toBe('headset');
    expect(fakes.devices.tracks.map((track) => [track.deviceId, track.stopped])).toEqual([
      ['built-in', true],
      ['headset', false],
    ]);
    fakes.devices.tracks[0]?.unplug();
    expect(handlers.onLost).not.toHaveBeenCalled();
  });

  it('keeps the old device when the new one cannot be opened', async () => {
    await capture.use('');
    fakes.devices.answer = () => new DOMException('', 'NotReadableError');
    await expect(capture.use('headset')).rejects.toMatchObject({ name: 'NotReadableError' });
    expect(fakes.devices.tracks.map((track) => track.stopped)).toEqual([false]);
  });

  it('falls back to the default device when the chosen one no longer exists', async () => {
    fakes.devices.answer = (audio) => (audio.deviceId ? new DOMException('', 'OverconstrainedError') : undefined);
    expect(await capture.use('headset')).toBe('built-in');
  });

  it('uses only the latest of several choices', async () => {
    let allow = (): void => undefined;
    fakes.devices.prompt = new Promise((resolve) => (allow = resolve));
    const first = capture.use('built-in');
    const second = capture.use('headset');
    allow();
    expect(await Promise.all([first, second])).toEqual([undefined, 'headset']);
    expect(fakes.devices.tracks.map((track) => track.stopped)).toEqual([true, false]);
  });

  it('reports when the microphone is unplugged, and then shows a silent level', async () => {
    await capture.use('');
    node().port.deliver({ type: 'frame', pcm: new ArrayBuffer(640), levelDbfs: -23 });
    fakes.devices.tracks[0]?.unplug();
    expect(handlers.onLost).toHaveBeenCalledTimes(1);
    expect(capture.levelDbfs).toBe(SILENCE_DBFS);
  });

  it('mutes in the worklet, so that silence is still sent', async () => {
    await capture.use('');
    node().port.deliver({ type: 'frame', pcm: new ArrayBuffer(640), levelDbfs: -23 });
    capture.setMuted(true);
    expect(capture.levelDbfs).toBe(SILENCE_DBFS);
    capture.setMuted(false);
    expect(node().port.posted).toEqual([
      { type: 'mute', muted: true },
      { type: 'mute', muted: false },
    ]);
    expect(fakes.devices.tracks.map((track) => track.stopped)).toEqual([false]);
  });

  it('releases the device, the port and the node when it stops', async () => {
    await capture.use('');
    capture.stop();
    expect([fakes.devices.tracks[0]?.stopped, node().port.posted, node().port.onmessage]).toEqual([true, [{ type: 'stop' }], null]);
  });

  it('releases a device that is granted only after it stopped', async () => {
    let allow = (): void => undefined;
    fakes.devices.prompt = new Promise((resolve) => (allow = resolve));
    const use = capture.use('');
    capture.stop();
    allow();
    expect(await use).toBeUndefined();
    await settled();
    expect(fakes.devices.tracks.map((track) => track.stopped)).toEqual([true]);
  });
});
