import { TestBed } from '@angular/core/testing';
import { STUDIO_OPTIONS, studioSegment } from '../../testing/studio-server';
import { SegmentList } from './segment-list';

describe('SegmentList', () => {
  const changed = jest.fn();
  const open = async () => {
    const fixture = TestBed.createComponent(SegmentList);
    fixture.componentRef.setInput('segments', [studioSegment(0, { state: 'done', duration_ms: 61_000, cached: true }), studioSegment(1)]);
    fixture.componentRef.setInput('voices', STUDIO_OPTIONS.voices);
    fixture.componentInstance.changed.subscribe(changed);
    await fixture.whenStable();
    const element = fixture.nativeElement as HTMLElement;
    // Only what is on the page can have the focus.
    document.body.append(element);
    const find = <T extends HTMLElement>(selector: string): T => {
      const found = element.querySelector<T>(selector);
      if (!found) throw new Error(`There is no ${selector}.`);
      return found;
    };
    return { fixture, element, find };
  };
  afterEach(() => {
    TestBed.resetTestingModule();
    jest.clearAllMocks();
  });

  it('shows how far each segment is', async () => {
    const { fixture, element } = await open();
    const facts = (): (string | undefined)[] =>
      [...element.querySelectorAll('.segment-facts')].map(({ textContent }) => textContent?.trim());
    const values = (): (string | null)[] => [...element.querySelectorAll('progress')].map((bar) => bar.getAttribute('value'));
    expect([facts(), values()]).toEqual([
      ['done · 1:01 · from the cache', 'waiting'],
      ['1', '0'],
    ]);
    fixture.componentRef.setInput('segments', [
      studioSegment(0, { state: 'rendering' }),
      studioSegment(1, { state: 'failed', error: 'No voice.' }),
    ]);
    await fixture.whenStable();
    expect([facts(), values(), element.querySelector('[role=alert]')?.textContent]).toEqual([
      ['being spoken', 'failed'],
      [null, '0'],
      'No voice.',
    ]);
  });

  it('gives one segment another text and voice', async () => {
    const { fixture, find } = await open();
    find('[aria-label="Edit segment 2"]').click();
    await fixture.whenStable();
    expect(document.activeElement).toBe(find('textarea'));
    find<HTMLTextAreaElement>('textarea').value = ' Better. ';
    find<HTMLSelectElement>('select').value = 'anna';
    find('[data-testid=render-again]').click();
    await fixture.whenStable();
    expect(changed.mock.calls).toEqual([[{ segmentId: 's1', change: { text: 'Better.', voice_id: 'anna' } }]]);
    expect(() => find('textarea')).toThrow();
    expect(document.activeElement).toBe(find('[aria-label="Edit segment 2"]'));
  });

  it('changes nothing when nothing was changed', async () => {
    const { fixture, find } = await open();
    find('[aria-label="Edit segment 1"]').click();
    await fixture.whenStable();
    find('[data-testid=render-again]').click();
    expect(changed).not.toHaveBeenCalled();
  });
});
