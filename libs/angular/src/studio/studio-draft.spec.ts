import { TestBed } from '@angular/core/testing';
import { settled } from '@parley/client/testing';
import { FakeStudioServer } from '../testing/studio-server';
import { provideEndpoints } from '../endpoints';
import { TEST_ENDPOINTS } from '../testing/test-endpoints';
import { provideStudio } from './provide-studio';
import { CHECK_DELAY_MS, StudioDraft } from './studio-draft';
import type { CheckedScript } from './studio-settings';

/** Lines are texts of the speaker before the colon; a line with a question mark is a mistake. */
const check = (script: string): CheckedScript => {
  const lines = script.split('\n').map((line) => line.split(': '));
  return {
    problems: script.includes('?') ? [{ line: 1, column: 1, message: 'No questions.' }] : [],
    speakers: [...new Set(lines.map(([speaker]) => speaker ?? ''))],
    chapters: [],
    segments: lines.length,
    characters: script.length,
    durationMs: script.length * 10,
  };
};

describe('StudioDraft', () => {
  let server: FakeStudioServer;
  const open = async (): Promise<StudioDraft> => {
    TestBed.configureTestingModule({
      providers: [
        provideEndpoints(() => TEST_ENDPOINTS),
        provideStudio(() => ({ socketUrl: 'ws://localhost/ws/narration', apiUrl: '/api', sampleScript: 'HOST: Hi\nGUEST: Hello', check })),
      ],
    });
    const draft = TestBed.inject(StudioDraft);
    await settled();
    TestBed.tick();
    return draft;
  };
  const leave = (): void => void TestBed.resetTestingModule();

  beforeEach(() => {
    jest.useFakeTimers();
    server = new FakeStudioServer();
  });
  afterEach(() => {
    leave();
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
    server.restore();
  });

  it('begins with the sample, a voice for each speaker, and what it takes', async () => {
    const draft = await open();
    expect(draft.voices()).toEqual([
      { speaker: 'HOST', voiceId: 'anna' },
      { speaker: 'GUEST', voiceId: 'bo' },
    ]);
    expect(draft.estimate()).toMatchObject({ segments: 2, characters: 21, billed: 21, cost: { amount: 0.0105, currency: 'EUR' } });
    expect(draft.obstacle()).toBeUndefined();
    expect(draft.episode()).toEqual({
      script: 'HOST: Hi\nGUEST: Hello',
      speakers: { HOST: { voice_id: 'anna' }, GUEST: { voice_id: 'bo' } },
      purpose: 'balanced',
    });
  });

  it('counts what the model of the purpose bills', async () => {
    const draft = await open();
    draft.purpose.set('live');
    expect([draft.modelId(), draft.estimate()?.billed]).toEqual(['m-live', 11]);
    draft.model.set('m-balanced');
    expect(draft.estimate()?.billed).toBe(21);
    expect(draft.episode()).toMatchObject({ purpose: 'live', model: 'm-balanced' });
  });

  it('keeps what was written and chosen for the next visit', async () => {
    const draft = await open();
    draft.write('HOST: Again');
    draft.chooseVoice('HOST', 'bo');
    draft.latency.set('speed');
    TestBed.tick();
    leave();
    const next = await open();
    expect([next.script(), next.latency(), next.voices()]).toEqual(['HOST: Again', 'speed', [{ speaker: 'HOST', voiceId: 'bo' }]]);
    next.reset();
    expect(next.script()).toBe('HOST: Hi\nGUEST: Hello');
  });

  it('begins anew where what was kept is not understood', async () => {
    localStorage.setItem('parley.studio', '{"script":5}');
    expect((await open()).script()).toContain('GUEST');
  });

  it('checks a script when nothing was typed for a moment, and says why it cannot be rendered', async () => {
    const draft = await open();
    draft.write('HOST: Who?');
    expect(draft.checked().problems).toEqual([]);
    jest.advanceTimersByTime(CHECK_DELAY_MS);
    expect([draft.obstacle(), draft.estimate()]).toEqual(['The script has a mistake.', undefined]);
  });

  it('gives a speaker another voice when the server does not have the chosen one any more', async () => {
    const draft = await open();
    draft.chooseVoice('GUEST', 'gone');
    expect(draft.voiceOf('GUEST')).toBe('bo');
  });

  it('asks again for what the server offers, and says so', async () => {
    server.options = undefined;
    const draft = await open();
    expect(draft.obstacle()).toBe('The server has not answered yet.');
    server.options = (await import('../testing/studio-server')).STUDIO_OPTIONS;
    jest.advanceTimersByTime(1_000);
    await settled();
    expect(draft.obstacle()).toBeUndefined();
  });
});
