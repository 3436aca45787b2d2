import { TestBed } from '@angular/core/testing';
import { Countdown } from './countdown';

describe('Countdown', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('counts down to zero and leaves no timer running', () => {
    const fixture = TestBed.createComponent(Countdown);
    fixture.componentRef.setInput('untilMs', performance.now() + 61_500);
    const words = (): string => {
      TestBed.tick();
      return (fixture.nativeElement as HTMLElement).textContent ?? '';
    };
    expect(words()).toBe('1:02');
    jest.advanceTimersByTime(2_000);
    expect(words()).toBe('1:00');
    jest.advanceTimersByTime(52_000);
    expect(words()).toBe('0:08');
    jest.advanceTimersByTime(30_000);
    expect(words()).toBe('0:00');
    TestBed.resetTestingModule();
    expect(jest.getTimerCount()).toBe(0);
  });
});
