import { TestBed } from '@angular/core/testing';
import { parseCaptions } from '@parley/client/narration';
import { CaptionList } from './caption-list';

const CAPTIONS = parseCaptions(
  'WEBVTT\n\n00:00.000 --> 00:01.000\n<v Anna>Good <00:00.500>day.\n\n00:01.000 --> 00:02.000\n<v Anna>And you?\n\n00:02.000 --> 00:03.000\n<v Bo>Well.\n',
);

describe('CaptionList', () => {
  let placeMs = 0;
  let paint: FrameRequestCallback = () => undefined;
  const sought = jest.fn();
  const original = globalThis.requestAnimationFrame;

  const open = async (): Promise<HTMLElement> => {
    const fixture = TestBed.createComponent(CaptionList);
    fixture.componentRef.setInput('captions', CAPTIONS);
    fixture.componentRef.setInput('read', () => placeMs);
    fixture.componentInstance.sought.subscribe(sought);
    await fixture.whenStable();
    return fixture.nativeElement as HTMLElement;
  };

  beforeEach(() => {
    placeMs = 0;
    globalThis.requestAnimationFrame = (callback) => {
      paint = callback;
      return 1;
    };
  });
  afterEach(() => {
    TestBed.resetTestingModule();
    globalThis.requestAnimationFrame = original;
    jest.clearAllMocks();
  });

  it('marks the word that is heard', async () => {
    const list = await open();
    const heardAt = (ms: number): (string | null)[] => {
      placeMs = ms;
      paint(0);
      return [...list.querySelectorAll('.heard')].map(({ textContent }) => textContent);
    };
    expect([0, 100, 600, 1_100, 2_500, 9_000].map(heardAt)).toEqual([[], ['Good'], ['day.'], ['And'], ['Well.'], []]);
  });

  it('goes to a word by a click, and to a caption by the keyboard', async () => {
    const list = await open();
    list.querySelectorAll<HTMLElement>('.word')[1]?.click();
    list.querySelectorAll('button')[2]?.click();
    expect(sought.mock.calls).toEqual([[500], [2_000]]);
  });

  it('names each caption, and its speaker where that changes', async () => {
    const list = await open();
    expect([...list.querySelectorAll('button')].map((button) => button.getAttribute('aria-label'))).toEqual([
      '0:00, Anna: Good day.',
      '0:01, Anna: And you?',
      '0:02, Bo: Well.',
    ]);
    expect([...list.querySelectorAll('.speaker')].map(({ textContent }) => textContent)).toEqual(['Anna', 'Bo']);
  });
});
