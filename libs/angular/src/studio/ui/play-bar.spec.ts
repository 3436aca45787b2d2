import { TestBed } from '@angular/core/testing';
import { Peaks } from '@parley/client/narration';
import { PlayBar } from './play-bar';

describe('PlayBar', () => {
  let placeMs = 0;
  let paint: FrameRequestCallback = () => undefined;
  const sought = jest.fn();
  const skipped = jest.fn();
  const original = globalThis.requestAnimationFrame;
  const getContext = jest.spyOn(HTMLCanvasElement.prototype, 'getContext');
  const fillRect = jest.fn();

  const open = async () => {
    const fixture = TestBed.createComponent(PlayBar);
    const peaks = new Peaks();
    peaks.add(Int16Array.from({ length: 1_000 }, () => 20_000));
    const inputs = { state: 'paused', peaks, arrivedMs: 30_000, isComplete: false, expectedMs: 60_000, read: () => placeMs };
    for (const [name, value] of Object.entries(inputs)) fixture.componentRef.setInput(name, value);
    fixture.componentInstance.sought.subscribe(sought);
    fixture.componentInstance.skipped.subscribe(skipped);
    await fixture.whenStable();
    const element = fixture.nativeElement as HTMLElement;
    const slider = element.querySelector<HTMLInputElement>('input');
    if (!slider) throw new Error('There is no slider.');
    return { fixture, element, slider };
  };

  beforeEach(() => {
    placeMs = 0;
    getContext.mockReturnValue({ clearRect: jest.fn(), fillRect } as unknown as null);
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
  afterAll(() => getContext.mockRestore());

  it('shows the place that is heard, and about how long the whole will be', async () => {
    const { fixture, element, slider } = await open();
    placeMs = 15_000;
    paint(0);
    expect(element.querySelector('.play-times')?.textContent).toBe('0:15 / about 1:00');
    expect([slider.value, slider.max, slider.style.width, slider.getAttribute('aria-valuetext')]).toEqual([
      '15',
      '30',
      '50%',
      '0:15 of about 1:00',
    ]);
    fixture.componentRef.setInput('isComplete', true);
    await fixture.whenStable();
    expect(element.querySelector('.play-times')?.textContent).toBe('0:15 / 0:30');
    expect(fillRect).toHaveBeenCalled();
  });

  it('goes to a place, back and on', async () => {
    const { element, slider } = await open();
    slider.value = '12';
    slider.dispatchEvent(new Event('input'));
    element.querySelector<HTMLElement>('[aria-label="Back 5 seconds"]')?.click();
    element.querySelector<HTMLElement>('[aria-label="On 5 seconds"]')?.click();
    for (const key of ['ArrowLeft', 'ArrowRight', 'End']) slider.dispatchEvent(new KeyboardEvent('keydown', { key }));
    expect([sought.mock.calls, skipped.mock.calls]).toEqual([[[12_000]], [[-5_000], [5_000], [-5_000], [5_000]]]);
  });

  it('names its button for what it does', async () => {
    const { fixture, element } = await open();
    const name = (): string | null | undefined => element.querySelector('[data-testid=play]')?.getAttribute('aria-label');
    expect(name()).toBe('Play');
    fixture.componentRef.setInput('state', 'waiting');
    await fixture.whenStable();
    expect(name()).toBe('Pause');
  });

  it('draws nothing again that looks as before', async () => {
    await open();
    paint(0);
    fillRect.mockClear();
    paint(0);
    expect(fillRect).not.toHaveBeenCalled();
  });
});
