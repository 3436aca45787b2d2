import { type BrowserFakes, FakeAudioContext, installBrowserFakes, settled } from '../testing';
import { SILENCE_DBFS } from '../audio/mic-capture';
import { MicrophoneCheck } from './microphone-check';

describe('MicrophoneCheck', () => {
  let fakes: BrowserFakes;
  let check: MicrophoneCheck;
  const open = (): string[] => fakes.devices.tracks.filter(({ stopped }) => !stopped).map(({ deviceId }) => deviceId);

  beforeEach(() => {
    fakes = installBrowserFakes();
    check = new MicrophoneCheck();
  });
  afterEach(() => {
    check.close();
    expect(open()).toEqual([]);
    expect(FakeAudioContext.made.map(({ state }) => state)).toEqual(['closed']);
    fakes.restore();
  });

  it('tells the level of the microphone that is chosen', async () => {
    expect(check.levelDbfs()).toBe(SILENCE_DBFS);
    expect(await check.use('headset')).toBe('headset');
    for (const analyser of fakes.context().analysers) analyser.level = 0.1;
    expect(check.levelDbfs()).toBeCloseTo(-20);
    for (const analyser of fakes.context().analysers) analyser.level = 0;
    expect(check.levelDbfs()).toBe(SILENCE_DBFS);
  });

  it('gives the microphone before back when another is chosen', async () => {
    await check.use('');
    await check.use('headset');
    expect(open()).toEqual(['headset']);
  });

  it('keeps only the microphone that was chosen last, and none that comes after it was closed', async () => {
    let allow: () => void = () => undefined;
    fakes.devices.prompt = new Promise((resolve) => (allow = resolve));
    const [first, second] = [check.use(''), check.use('headset')];
    allow();
    expect([await first, await second, open()]).toEqual([undefined, 'headset', ['headset']]);
    const third = check.use('');
    check.close();
    await settled();
    expect([await third, open()]).toEqual([undefined, []]);
  });

  it('rejects with what the browser says', async () => {
    fakes.devices.answer = () => new DOMException('', 'NotAllowedError');
    await expect(check.use('')).rejects.toMatchObject({ name: 'NotAllowedError' });
  });

  it('gives a microphone back that the audio device does not take', async () => {
    FakeAudioContext.refusesStreams = true;
    await expect(check.use('')).rejects.toMatchObject({ name: 'NotSupportedError' });
    expect(open()).toEqual([]);
  });
});
