import { AudioModules } from '../audio/audio-modules';
import { type BrowserFakes, installBrowserFakes, settled } from '../testing/browser-fakes';
import { FakeAudioContext, type FakeAudioWorkletNode } from '../testing/fake-audio';
import { WORKLET_URLS } from '../testing/worklet-urls';
import { SoundPlayer } from './sound-player';

const RATE_HZ = 1_000;

/** A sound of which as much has arrived as the spec says; each sample is its own number. */
class FakeSound {
  readonly sampleRateHz = RATE_HZ;
  isComplete = true;
  constructor(public samples: number) {}

  async read(from: number, to: number): Promise<Uint8Array<ArrayBuffer>> {
    const end = Math.min(to, this.samples);
    return new Uint8Array(Int16Array.from({ length: Math.max(0, end - from) }, (_, index) => from + index).buffer);
  }
}

interface Posted {
  turn: number;
  pcm: Uint8Array<ArrayBuffer>;
  last: boolean;
}

describe('SoundPlayer', () => {
  let fakes: BrowserFakes;
  let modules: AudioModules;
  let player: SoundPlayer;
  const handlers = { onState: jest.fn(), onSoundBroken: jest.fn() };
  const node = (): FakeAudioWorkletNode => {
    const found = fakes.context().worklet('parley-playback');
    if (!found) throw new Error('Nothing is played.');
    return found;
  };
  const plays = async (type: 'started' | 'progress' | 'ended', turn: number, playedMs: number): Promise<void> => {
    node().port.deliver({ type, turn, playedMs });
    await settled();
  };
  const posted = (): Posted[] => node().port.ofType('audio') as Posted[];
  /** First sample, last sample and turn of what was played. */
  const stretches = (): [number | undefined, number | undefined, number][] =>
    posted().map(({ pcm, turn }) => {
      const samples = new Int16Array(pcm.buffer);
      return [samples[0], samples.at(-1), turn];
    });
  const start = async (sound: FakeSound): Promise<void> => {
    player.load(sound);
    player.play();
    await settled();
  };

  beforeEach(() => {
    jest.useFakeTimers();
    fakes = installBrowserFakes();
    modules = new AudioModules(WORKLET_URLS);
    player = new SoundPlayer(modules, handlers);
  });
  afterEach(() => {
    player.close();
    modules.close();
    jest.advanceTimersByTime(1_000);
    expect(jest.getTimerCount()).toBe(0);
    expect(FakeAudioContext.made.map(({ state }) => state)).toEqual(FakeAudioContext.made.map(() => 'closed'));
    jest.useRealTimers();
    jest.clearAllMocks();
    fakes.restore();
  });

  it('gives the audio thread a few seconds ahead of what is heard, and no more', async () => {
    await start(new FakeSound(60_000));
    expect(stretches().at(-1)).toEqual([5_000, 5_999, 1]);
    await plays('started', 1, 0);
    await plays('progress', 1, 2_000);
    expect(stretches().at(-1)).toEqual([7_000, 7_999, 1]);
    expect(player.positionMs()).toBe(2_000);
    expect(handlers.onState.mock.calls.map(([state]) => state)).toEqual(['waiting', 'playing']);
  });

  it('plays to the end, and from the beginning again', async () => {
    await start(new FakeSound(1_500));
    expect(posted().map(({ last }) => last)).toEqual([false, true]);
    await plays('started', 1, 0);
    await plays('ended', 1, 1_500);
    expect([player.state, player.positionMs()]).toEqual(['ended', 1_500]);
    player.play();
    await settled();
    expect(stretches().at(-1)).toEqual([1_000, 1_499, 2]);
    expect(player.positionMs()).toBe(0);
  });

  it('stays where it is while paused', async () => {
    await start(new FakeSound(60_000));
    await plays('started', 1, 0);
    await plays('progress', 1, 1_000);
    player.pause();
    jest.advanceTimersByTime(5_000);
    expect([player.state, Math.round(player.positionMs())]).toEqual(['paused', 1_000]);
    player.play();
    expect(node().port.ofType('pause')).toEqual([
      { type: 'pause', turn: 1, active: true },
      { type: 'pause', turn: 1, active: false },
    ]);
    expect(player.state).toBe('playing');
  });

  it('goes on from another place, without what was queued for the old one', async () => {
    await start(new FakeSound(60_000));
    await plays('started', 1, 0);
    player.seek(30_000);
    await settled();
    expect(node().port.ofType('flush')).toEqual([{ type: 'flush', turn: 1 }]);
    expect([stretches().find(([, , turn]) => turn === 2), player.positionMs()]).toEqual([[30_000, 30_999, 2], 30_000]);
    await plays('progress', 1, 5_000);
    expect(player.positionMs()).toBe(30_000);
  });

  it('begins where it was put while paused', async () => {
    player.load(new FakeSound(60_000));
    player.seek(10_000);
    expect([player.state, player.positionMs()]).toEqual(['paused', 10_000]);
    player.play();
    await settled();
    expect(stretches()[0]?.[0]).toBe(10_000);
  });

  it('has something to play after a jump to the end', async () => {
    await start(new FakeSound(1_500));
    player.seek(99_000);
    await settled();
    expect(posted().at(-1)).toMatchObject({ last: true, turn: 2 });
    expect(stretches().at(-1)).toEqual([1_450, 1_499, 2]);
  });

  it('waits for a sound that is still arriving, and plays on when there is more', async () => {
    const sound = new FakeSound(500);
    sound.isComplete = false;
    await start(sound);
    expect(posted().map(({ last }) => last)).toEqual([false]);
    await plays('started', 1, 0);
    node().port.deliver({ type: 'underrun', turn: 1 });
    expect(player.state).toBe('waiting');
    sound.samples = 1_200;
    player.grown();
    await settled();
    sound.isComplete = true;
    player.grown();
    await settled();
    expect(stretches()).toEqual([
      [0, 499, 1],
      [500, 1_199, 1],
      [undefined, undefined, 1],
    ]);
    expect(posted().at(-1)?.last).toBe(true);
  });

  it('stops when another sound is loaded', async () => {
    await start(new FakeSound(60_000));
    player.load(new FakeSound(2_000), 500);
    await settled();
    expect([player.state, player.positionMs()]).toEqual(['paused', 500]);
    player.play();
    await settled();
    expect(stretches().at(0)?.[0]).toBe(500);
  });

  it('says when the page cannot play', async () => {
    FakeAudioContext.refusedModules = /./;
    await start(new FakeSound(2_000));
    expect([player.state, handlers.onSoundBroken.mock.calls.length]).toEqual(['paused', 1]);
  });
});
