import { TestBed } from '@angular/core/testing';
import { settled } from '@parley/client/testing';
import { provideEndpoints } from '../endpoints';
import { FakeStudioServer } from '../testing/studio-server';
import { TEST_ENDPOINTS } from '../testing/test-endpoints';
import { EpisodeSound } from './episode-sound';
import { provideStudio } from './provide-studio';
import { StudioNotices } from './studio-notices';
import { VoicePreview } from './voice-preview';

const check = () => ({ problems: [], speakers: ['HOST'], chapters: [], segments: 1, characters: 1, durationMs: 1 });

describe('VoicePreview', () => {
  let server: FakeStudioServer;
  let preview: VoicePreview;

  beforeEach(() => {
    jest.useFakeTimers();
    server = new FakeStudioServer();
    TestBed.configureTestingModule({
      providers: [
        provideEndpoints(() => TEST_ENDPOINTS),
        provideStudio(() => ({ socketUrl: 'ws://localhost/ws/narration', apiUrl: '/api', sampleScript: 'HOST: Hi.', check })),
      ],
    });
    preview = TestBed.inject(VoicePreview);
  });
  afterEach(() => {
    TestBed.resetTestingModule();
    jest.advanceTimersByTime(1_000);
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
    server.restore();
  });

  it('lets one voice speak at a time, and stops it when asked again', async () => {
    preview.toggle('anna');
    await settled();
    expect([server.asked('POST /api/voices/anna/preview').length, preview.voiceId()]).toEqual([1, 'anna']);
    preview.toggle('bo');
    await settled();
    expect(preview.voiceId()).toBe('bo');
    preview.toggle('bo');
    expect([preview.voiceId(), server.asked('POST /api/voices/bo/preview').length]).toEqual([undefined, 1]);
  });

  it('is silent while the episode is played', async () => {
    TestBed.inject(EpisodeSound).follow('e1', false);
    preview.toggle('anna');
    await settled();
    TestBed.inject(EpisodeSound).toggle();
    expect(preview.voiceId()).toBeUndefined();
  });

  it('says why a voice cannot be heard', async () => {
    server.refusals.set('POST /api/voices/anna/preview', { status: 503, body: { message: 'The provider does not answer.' } });
    preview.toggle('anna');
    await settled();
    const texts = TestBed.inject(StudioNotices)
      .notices()
      .map(({ text }) => text);
    expect([texts, preview.voiceId()]).toEqual([['The voice cannot be heard now. The provider does not answer.'], undefined]);
  });
});
