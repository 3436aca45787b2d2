import { TestBed } from '@angular/core/testing';
import { settled } from '@parley/client/testing';
import { provideEndpoints } from '../endpoints';
import { FakeStudioServer, finishedEpisode } from '../testing/studio-server';
import { TEST_ENDPOINTS } from '../testing/test-endpoints';
import { OpenEpisode } from './open-episode';
import { provideStudio } from './provide-studio';
import { StudioLibrary } from './studio-library';
import { StudioNotices } from './studio-notices';

const check = () => ({ problems: [], speakers: ['HOST'], chapters: [], segments: 1, characters: 1, durationMs: 1 });
const SHOW = { title: 'Weekly', author: 'Me', description: 'News.', language: 'en' };

describe('StudioLibrary', () => {
  let server: FakeStudioServer;
  let library: StudioLibrary;

  beforeEach(async () => {
    server = new FakeStudioServer();
    server.episodes = [finishedEpisode()];
    TestBed.configureTestingModule({
      providers: [
        provideEndpoints(() => TEST_ENDPOINTS),
        provideStudio(() => ({ socketUrl: 'ws://localhost/ws/narration', apiUrl: '/api', sampleScript: 'HOST: Hi.', check })),
      ],
    });
    library = TestBed.inject(StudioLibrary);
    TestBed.tick();
    await settled();
  });
  afterEach(() => {
    TestBed.resetTestingModule();
    server.restore();
  });

  it('lists what the server has, and again when an episode was made', async () => {
    expect(library.episodes().map(({ id }) => id)).toEqual(['e1']);
    server.episodes = [];
    TestBed.inject(OpenEpisode).changes.update((changes) => changes + 1);
    TestBed.tick();
    await settled();
    expect(library.episodes()).toEqual([]);
  });

  it('takes an episode that is deleted from the page', async () => {
    const open = TestBed.inject(OpenEpisode);
    server.episode = finishedEpisode();
    await open.open('e1');
    await library.deleteEpisode('e1');
    expect([open.episode(), server.asked('DELETE /api/narrations/e1').length]).toEqual([undefined, 1]);
  });

  it('adds a show, or says why not', async () => {
    expect(await library.addShow(SHOW)).toBe(true);
    expect(server.asked('POST /api/shows')).toEqual([SHOW]);
    server.refusals.set('POST /api/shows', { status: 400, body: { message: 'language must be a tag.' } });
    expect(await library.addShow(SHOW)).toBe(false);
    const texts = TestBed.inject(StudioNotices)
      .notices()
      .map(({ text }) => text);
    expect(texts).toEqual(['The show cannot be added. language must be a tag.']);
  });

  it('gives podcast apps an absolute address', () => {
    expect(library.feedUrl('w')).toBe('http://localhost/api/shows/w/feed.xml');
  });
});
