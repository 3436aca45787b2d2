import { type BrowserFakes, installBrowserFakes, settled } from '../testing/browser-fakes';
import { FakeAudioContext } from '../testing/fake-audio';
import { WORKLET_URLS } from '../testing/worklet-urls';
import { AudioModules } from './audio-modules';

describe('AudioModules', () => {
  let fakes: BrowserFakes;
  let modules: AudioModules;
  const revoked: string[] = [];

  beforeEach(() => {
    fakes = installBrowserFakes();
    revoked.length = 0;
    let copies = 0;
    URL.createObjectURL = () => `blob:${++copies}`;
    URL.revokeObjectURL = (address) => void revoked.push(address);
    modules = new AudioModules(WORKLET_URLS);
  });
  afterEach(() => {
    modules.close();
    Reflect.deleteProperty(URL, 'createObjectURL');
    Reflect.deleteProperty(URL, 'revokeObjectURL');
    fakes.restore();
  });
  const load = async (): Promise<string[]> => {
    const context = new AudioContext();
    await modules.addTo(context.audioWorklet);
    return fakes.context().modules;
  };

  it('are loaded from the copy that was fetched in advance', async () => {
    fakes.files = 'registerProcessor()';
    modules.fetchAhead();
    await settled();
    expect(await load()).toEqual(['blob:1', 'blob:2']);
  });

  it('are loaded from the server when no copy was fetched', async () => {
    modules.fetchAhead();
    await settled();
    expect(await load()).toEqual(['capture.js', 'playback.js']);
  });

  it('are loaded from the server when the browser does not accept the copy', async () => {
    fakes.files = 'registerProcessor()';
    modules.fetchAhead();
    await settled();
    FakeAudioContext.refusedModules = /^blob:/;
    expect(await load()).toEqual(['blob:1', 'blob:2', 'capture.js', 'playback.js']);
  });

  it('report an error when they cannot be loaded at all', async () => {
    FakeAudioContext.refusedModules = /playback/;
    await expect(load()).rejects.toThrow();
  });

  it('release the copy afterwards', async () => {
    fakes.files = 'registerProcessor()';
    modules.fetchAhead();
    await settled();
    modules.close();
    expect(revoked).toEqual(['blob:1', 'blob:2']);
  });
});
