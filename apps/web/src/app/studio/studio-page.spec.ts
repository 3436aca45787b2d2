import { TestBed } from '@angular/core/testing';
import { provideEndpoints } from '@parley/angular/server';
import { StudioDraft } from '@parley/angular/studio';
import { FakeStudioServer, TEST_ENDPOINTS, finishedEpisode, studioSegment } from '@parley/angular/testing';
import { settled, startNarration } from '@parley/client/testing';
import { EditorView } from '@codemirror/view';
import { SAMPLE_SCRIPT } from './sample-script';
import { StudioPage } from './studio-page';

describe('StudioPage', () => {
  let server: FakeStudioServer;
  let page: HTMLElement;
  let draft: StudioDraft;
  let stable: () => Promise<unknown>;

  const find = <T extends HTMLElement = HTMLElement>(testId: string): T => {
    const found = page.querySelector<T>(`[data-testid="${testId}"]`);
    if (!found) throw new Error(`There is no ${testId}.`);
    return found;
  };
  const text = (testId: string): string => find(testId).textContent?.replace(/\s+/gu, ' ').trim() ?? '';
  const happens = async (): Promise<void> => {
    await settled();
    await stable();
  };
  const press = async (testId: string): Promise<void> => {
    find(testId).click();
    await happens();
  };
  const key = async (init: KeyboardEventInit): Promise<void> => {
    document.dispatchEvent(new KeyboardEvent('keydown', { ...init, cancelable: true }));
    await happens();
  };
  const open = async (): Promise<void> => {
    TestBed.configureTestingModule({ providers: [provideEndpoints(() => TEST_ENDPOINTS)] });
    const fixture = TestBed.createComponent(StudioPage);
    page = fixture.nativeElement as HTMLElement;
    stable = () => fixture.whenStable();
    draft = fixture.debugElement.injector.get(StudioDraft);
    await happens();
    // What was asked for at the beginning is there, and shown.
    await happens();
  };
  /** Replaces the script, as a paste does. */
  const write = async (script: string): Promise<void> => {
    const before = draft.checked();
    const view = EditorView.findFromDOM(find('script-editor'));
    view?.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: script } });
    // It is checked when nothing was written for a moment.
    while (draft.checked() === before) await new Promise((resolve) => setTimeout(resolve));
    await happens();
  };

  beforeAll(() => {
    // Nothing has a place on the screen in jsdom, and nothing is drawn.
    Range.prototype.getClientRects = () => [] as unknown as DOMRectList;
    jest.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(null);
  });
  beforeEach(async () => {
    server = new FakeStudioServer();
    await open();
  });
  afterEach(() => {
    TestBed.resetTestingModule();
    server.restore();
  });
  afterAll(() => jest.restoreAllMocks());

  it('makes an episode of two voices with one click', async () => {
    expect([text('estimate').split(' · ')[0], find<HTMLButtonElement>('make').disabled]).toEqual(['5 segments', false]);
    await press('make');
    expect(server.asked('POST /api/narrations')).toMatchObject([
      { script: expect.stringContaining('HOST:'), speakers: { HOST: { voice_id: 'anna' }, GUEST: { voice_id: 'bo' } } },
    ]);
    expect([text('episode-state'), text('progress-count')]).toEqual(['Speaking', '0 of 2 segments']);
  });

  it('shows the progress of the whole and of each segment', async () => {
    await press('make');
    await server.tell({ type: 'segment', segment: studioSegment(0, { state: 'done' }), progress: { done: 1, total: 2 } });
    await happens();
    expect([find('progress').getAttribute('value'), text('progress-count')]).toEqual(['1', '1 of 2 segments']);
    const segments = [...find('segments').querySelectorAll('li')].map((segment) => segment.dataset['state']);
    expect(segments).toEqual(['done', 'waiting']);
  });

  it('has captions, chapters and downloads when the episode is finished', async () => {
    await press('make');
    await server.finish();
    await happens();
    expect(find('captions').querySelectorAll('button')).toHaveLength(2);
    expect(text('chapters')).toBe('0:00 Rain');
    expect([...find('downloads').querySelectorAll('a')].map((link) => [link.getAttribute('href'), link.download])).toEqual([
      ['/api/narrations/e1/audio?format=mp3', 'Rain.mp3'],
      ['/api/narrations/e1/audio?format=wav', 'Rain.wav'],
      ['/api/narrations/e1/captions.vtt', 'Rain.vtt'],
      ['/api/narrations/e1/captions.srt', 'Rain.srt'],
      ['/api/narrations/e1/chapters.json', 'Rain-chapters.json'],
    ]);
  });

  it('shows the line of a mistake, and does not render such a script', async () => {
    await write('HOST: Hello.\n\nHOST: Wait [pause long] now.\n');
    expect(text('problems')).toContain('Line 3, column 12');
    expect([find<HTMLButtonElement>('make').disabled, text('estimate')]).toEqual([true, 'The script has a mistake.']);
    await key({ key: 'Enter', ctrlKey: true });
    expect(server.asked('POST /api/narrations')).toEqual([]);
  });

  it('shows a mistake that only the server found until the script is changed', async () => {
    const problems = [{ line: 1, column: 1, message: 'The voice is not yours.' }];
    server.refusals.set('POST /api/narrations', { status: 422, body: { message: 'It has a mistake.', problems } });
    await press('make');
    expect(text('problems')).toContain('The voice is not yours.');
    await write('HOST: Hello.');
    expect(text('problems')).toBe('');
  });

  it('says what is typed at the end of the script', async () => {
    await press('listen-typing');
    startNarration(server.fakes.socket());
    await write(`${SAMPLE_SCRIPT}HOST: Bye. `);
    expect(server.fakes.socket().ofType('text')).toEqual([{ type: 'text', text: 'Bye. ' }]);
    expect(server.fakes.socket().url).toMatch(/\/ws\/narration$/);
    expect([text('listen-typing'), find('listen-typing').getAttribute('aria-pressed')]).toEqual(['Stop listening', 'true']);
    await press('listen-typing');
    expect(text('listen-typing')).toBe('Listen while I type');
  });

  it('is used with keys', async () => {
    await key({ key: 'Enter', ctrlKey: true });
    expect(server.asked('POST /api/narrations')).toHaveLength(1);
    expect(find('play').getAttribute('aria-label')).toBe('Pause');
    await key({ key: 'π', code: 'KeyP', altKey: true });
    expect(find('play').getAttribute('aria-label')).toBe('Play');
    await key({ key: 'l', code: 'KeyL', altKey: true });
    expect(text('listen-typing')).toBe('Stop listening');
  });

  it('names every control', () => {
    const nameless = [...page.querySelectorAll<HTMLElement>('button, select, input, textarea, a, [role=textbox]')].filter((control) => {
      const label = control instanceof HTMLInputElement || control instanceof HTMLSelectElement ? control.labels?.length : 0;
      return !label && !control.getAttribute('aria-label') && !control.textContent?.trim();
    });
    expect(nameless.map(({ outerHTML }) => outerHTML)).toEqual([]);
  });

  it('opens an episode of the library, and deletes it', async () => {
    TestBed.resetTestingModule();
    server.episodes = [finishedEpisode()];
    server.episode = finishedEpisode();
    await open();
    page.querySelector<HTMLElement>('[aria-label="Open Rain"]')?.click();
    await happens();
    expect(text('episode-state')).toBe('The episode is finished');
    page.querySelector<HTMLElement>('[aria-label="Delete Rain"]')?.click();
    await happens();
    page.querySelector<HTMLElement>('[aria-label="Really delete Rain"]')?.click();
    await happens();
    expect(server.asked('DELETE /api/narrations/e1')).toHaveLength(1);
    expect(page.querySelector('[data-testid=episode]')).toBeNull();
  });
});
