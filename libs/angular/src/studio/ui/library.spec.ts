import { TestBed } from '@angular/core/testing';
import { finishedEpisode, studioEpisode } from '../../testing/studio-server';
import { EpisodeLibrary } from './episode-library';
import { ShowLibrary } from './show-library';

const SHOW = { id: 'w', title: 'Weekly', author: 'Me', description: 'd', language: 'en', created_at: '2026-11-30T10:00:00Z', episodes: 1 };

describe('the library', () => {
  const deleted = jest.fn();
  const opened = jest.fn();
  const added = jest.fn();
  afterEach(() => jest.clearAllMocks());

  it('opens episodes, and deletes one only when asked twice', async () => {
    const fixture = TestBed.createComponent(EpisodeLibrary);
    fixture.componentRef.setInput('episodes', [finishedEpisode(), studioEpisode({ id: 'e2', title: 'Sun' })]);
    fixture.componentInstance.deleted.subscribe(deleted);
    fixture.componentInstance.opened.subscribe(opened);
    await fixture.whenStable();
    const element = fixture.nativeElement as HTMLElement;
    const button = (name: string): HTMLElement | null => element.querySelector<HTMLElement>(`[aria-label="${name}"]`);
    expect([...element.querySelectorAll('.facts')].map(({ textContent }) => textContent?.split(' · ').slice(0, 2))).toEqual([
      ['finished', '0:02'],
      ['being spoken', '0 of 2 segments'],
    ]);
    button('Open Sun')?.click();
    button('Delete Rain')?.click();
    await fixture.whenStable();
    expect([opened.mock.calls, deleted.mock.calls]).toEqual([[['e2']], []]);
    button('Really delete Rain')?.click();
    expect(deleted.mock.calls).toEqual([['e1']]);
  });

  it('shows the feed of a show, and adds a show', async () => {
    const fixture = TestBed.createComponent(ShowLibrary);
    fixture.componentRef.setInput('shows', [SHOW]);
    fixture.componentRef.setInput('feedUrl', (id: string) => `http://localhost/api/shows/${id}/feed.xml`);
    fixture.componentInstance.added.subscribe(added);
    await fixture.whenStable();
    const element = fixture.nativeElement as HTMLElement;
    expect(element.querySelector('a')?.href).toBe('http://localhost/api/shows/w/feed.xml');
    const [title, author, description] = element.querySelectorAll('input');
    for (const [box, value] of [
      [title, ' Daily '],
      [author, 'Us'],
      [description, 'News.'],
    ] as const)
      if (box) box.value = value;
    element.querySelector('form')?.dispatchEvent(new Event('submit', { cancelable: true }));
    expect(added.mock.calls).toEqual([[{ title: 'Daily', author: 'Us', description: 'News.', language: 'en' }]]);
  });
});
