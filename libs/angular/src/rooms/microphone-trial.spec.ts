import { TestBed } from '@angular/core/testing';
import { type BrowserFakes, FakeAudioContext, installBrowserFakes, settled } from '@parley/client/testing';
import { MicrophoneTrial } from './microphone-trial';

describe('MicrophoneTrial', () => {
  let fakes: BrowserFakes;
  let trial: MicrophoneTrial;
  const open = (): string[] => fakes.devices.tracks.filter(({ stopped }) => !stopped).map(({ deviceId }) => deviceId);

  beforeEach(() => {
    fakes = installBrowserFakes();
    TestBed.configureTestingModule({ providers: [MicrophoneTrial] });
    trial = TestBed.inject(MicrophoneTrial);
  });
  afterEach(async () => {
    TestBed.resetTestingModule();
    await settled();
    expect([open(), FakeAudioContext.made.filter(({ state }) => state !== 'closed')]).toEqual([[], []]);
    fakes.restore();
  });

  it('opens no microphone before it is asked to', async () => {
    await trial.choose('headset');
    expect([trial.phase(), open(), trial.chosen()]).toEqual(['off', [], 'headset']);
  });

  it('opens the chosen one, changes it, and gives it back', async () => {
    await trial.start();
    expect([trial.phase(), open(), trial.chosen()]).toEqual(['on', ['built-in'], 'built-in']);
    await trial.choose('headset');
    expect([trial.phase(), open(), trial.chosen()]).toEqual(['on', ['headset'], 'headset']);
    trial.stop();
    expect([trial.phase(), open()]).toEqual(['off', []]);
  });

  it('says why there is no microphone, and opens it when it may', async () => {
    fakes.devices.answer = () => new DOMException('', 'NotAllowedError');
    await trial.start();
    expect([trial.phase(), trial.problem()]).toEqual(['off', 'refused']);
    fakes.devices.answer = () => undefined;
    await trial.start();
    expect([trial.phase(), trial.problem()]).toEqual(['on', undefined]);
  });

  it('gives a microphone back that is granted after one joined', async () => {
    let allow: () => void = () => undefined;
    fakes.devices.prompt = new Promise((resolve) => (allow = resolve));
    const started = trial.start();
    expect(trial.phase()).toBe('opening');
    trial.stop();
    allow();
    await started;
    expect([trial.phase(), trial.problem(), open()]).toEqual(['off', undefined, []]);
  });
});
