import { TestBed } from '@angular/core/testing';
import { type BrowserFakes, FakeResizeObserver, installBrowserFakes } from '@parley/client/testing';
import { type TranscriptEntry, TranscriptList } from './transcript-list';

const line = (id: number): TranscriptEntry => ({
  kind: 'line',
  id,
  role: 'user',
  turn: id,
  text: `turn ${id}`,
  final: true,
  interrupted: false,
  heardLength: undefined,
});

describe('TranscriptList', () => {
  let fakes: BrowserFakes;
  beforeEach(() => {
    fakes = installBrowserFakes();
  });
  afterEach(() => {
    TestBed.resetTestingModule();
    expect(FakeResizeObserver.observing.size).toBe(0);
    fakes.restore();
  });

  const setUp = async () => {
    const fixture = TestBed.createComponent(TranscriptList);
    const host = fixture.nativeElement as HTMLElement;
    Object.defineProperties(host, { scrollHeight: { value: 1_000, configurable: true }, clientHeight: { value: 200, configurable: true } });
    fixture.componentRef.setInput('entries', [line(1)]);
    await fixture.whenStable();
    const more = async (): Promise<void> => {
      fixture.componentRef.setInput('entries', [line(1), line(2)]);
      await fixture.whenStable();
    };
    return { host, more };
  };

  it('scrolls to new lines', async () => {
    const { host, more } = await setUp();
    host.scrollTop = 790;
    host.dispatchEvent(new Event('scroll'));
    await more();
    expect(host.scrollTop).toBe(1_000);
  });

  it('does not scroll when the reader has scrolled back', async () => {
    const { host, more } = await setUp();
    host.scrollTop = 300;
    host.dispatchEvent(new Event('scroll'));
    await more();
    expect(host.scrollTop).toBe(300);
  });

  it('stays at the end when its height shrinks', async () => {
    const { host } = await setUp();
    host.scrollTop = 500;
    FakeResizeObserver.resize();
    expect(host.scrollTop).toBe(1_000);
  });
});
