import { TestBed } from '@angular/core/testing';
import { FakeEventSource, settled } from '@parley/client/testing';
import { provideEndpoints } from '../endpoints';
import { FakeStudioServer, finishedEpisode, studioEpisode, studioSegment } from '../testing/studio-server';
import { TEST_ENDPOINTS } from '../testing/test-endpoints';
import { EpisodeSound } from './episode-sound';
import { OpenEpisode } from './open-episode';
import { provideStudio } from './provide-studio';
import { StudioNotices } from './studio-notices';

const check = () => ({ problems: [], speakers: ['HOST'], chapters: [], segments: 1, characters: 1, durationMs: 1 });

describe('OpenEpisode', () => {
  let server: FakeStudioServer;
  let work: OpenEpisode;
  const sound = (): EpisodeSound => TestBed.inject(EpisodeSound);
  const notices = (): string[] =>
    TestBed.inject(StudioNotices)
      .notices()
      .map(({ text }) => text);
  const make = async (): Promise<void> => {
    await work.make({ script: 'HOST: Hi.' });
    await settled();
  };

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick'] });
    server = new FakeStudioServer();
    TestBed.configureTestingModule({
      providers: [
        provideEndpoints(() => TEST_ENDPOINTS),
        provideStudio(() => ({ socketUrl: 'ws://localhost/ws/narration', apiUrl: '/api', sampleScript: 'HOST: Hi.', check })),
      ],
    });
    work = TestBed.inject(OpenEpisode);
  });
  afterEach(() => {
    TestBed.resetTestingModule();
    jest.advanceTimersByTime(1_000);
    expect(jest.getTimerCount()).toBe(0);
    expect(FakeEventSource.made.map(({ readyState }) => readyState)).toEqual(FakeEventSource.made.map(() => 2));
    jest.useRealTimers();
    server.restore();
  });

  it('plays an episode while it is made, and follows its segments', async () => {
    await make();
    expect(server.asked('POST /api/narrations')).toEqual([{ script: 'HOST: Hi.' }]);
    expect(server.asked('GET /api/narrations/e1/stream')).toHaveLength(1);
    expect([work.isInWork(), sound().hasSound(), sound().state()]).toEqual([true, true, 'waiting']);
    const segment = studioSegment(0, { state: 'done', duration_ms: 900 });
    await server.tell({ type: 'segment', segment, progress: { done: 1, total: 2 } });
    expect([work.episode()?.progress.done, work.episode()?.segments[0]]).toEqual([1, segment]);
  });

  it('has captions, chapters and files when it is finished', async () => {
    await make();
    await server.finish();
    expect(work.episode()).toEqual(finishedEpisode());
    expect(
      sound()
        .captions()
        .map(({ speaker }) => speaker),
    ).toEqual(['HOST', 'GUEST']);
    expect(work.isInWork()).toBe(false);
  });

  it('takes the finished sound only when nothing is heard of the former one', async () => {
    await make();
    await server.finish();
    expect(server.asked('GET /api/narrations/e1/audio?format=wav')).toHaveLength(1);
    const streamed = sound().peaks();
    sound().toggle();
    expect(sound().state()).toBe('paused');
    expect(sound().peaks()).not.toBe(streamed);
  });

  it('plays on from the finished sound when the one that was made meanwhile breaks off', async () => {
    server.breaksAudio = true;
    await make();
    expect(notices()).toEqual(['The rest of the sound has not arrived. Open the episode again when it is finished.']);
    expect([sound().state(), sound().isComplete()]).toEqual(['waiting', false]);
    server.breaksAudio = false;
    await server.finish();
    expect([sound().isComplete(), sound().state(), notices()]).toEqual([true, 'waiting', []]);
  });

  it('opens an episode of the library without playing it', async () => {
    server.episode = finishedEpisode();
    await work.open('e1');
    await settled();
    expect([sound().state(), sound().hasSound(), sound().arrivedMs(), sound().isComplete()]).toEqual(['paused', true, 2_000, true]);
    expect(server.asked('GET /api/narrations/e1/stream')).toEqual([]);
  });

  it('stops, goes on, and renders one segment again', async () => {
    await make();
    await work.cancel();
    await work.resume();
    await work.edit('s1', { text: 'Better.' });
    expect(server.asked('POST /api/narrations/e1/cancel')).toHaveLength(1);
    expect(server.asked('POST /api/narrations/e1/resume')).toHaveLength(1);
    expect(server.asked('PATCH /api/narrations/e1/segments/s1')).toEqual([{ text: 'Better.' }]);
  });

  it('loads the sound and the captions again when they were made anew', async () => {
    server.episode = finishedEpisode();
    await work.open('e1');
    await settled();
    await server.tell({ type: 'episode', episode: finishedEpisode({ version: 2 }) });
    expect(server.asked('GET /api/narrations/e1/audio?format=wav')).toHaveLength(1);
    await server.tell({ type: 'episode', episode: finishedEpisode({ version: 3 }) });
    expect(server.asked('GET /api/narrations/e1/audio?format=wav')).toHaveLength(2);
  });

  it('shows what the server found wrong', async () => {
    const problems = [{ line: 2, column: 1, message: 'The speaker "GUEST" has no voice.' }];
    server.refusals.set('POST /api/narrations', { status: 422, body: { message: 'The script has a mistake.', problems } });
    await make();
    expect([work.problems(), work.episode(), work.isStarting()]).toEqual([problems, undefined, false]);
    expect(notices()).toContain('The episode cannot be made. The script has a mistake.');
  });

  it('says why an episode has failed', async () => {
    await make();
    server.episode = studioEpisode({ state: 'failed', error: 'The voice is not available.' });
    await server.tell({ type: 'state', state: 'failed', error: 'The voice is not available.' });
    expect(notices()).toContain('The episode was not finished. The voice is not available.');
  });

  it('says when there is no connection', async () => {
    await make();
    FakeEventSource.made.at(-1)?.fail();
    expect(work.isConnected()).toBe(false);
    FakeEventSource.made.at(-1)?.accept();
    expect(work.isConnected()).toBe(true);
  });
});
