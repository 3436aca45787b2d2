import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { LevelMeter } from './level-meter';

@Component({ imports: [LevelMeter], template: '<parley-level-meter label="Level" [read]="read" />' })
class Host {
  levelDbfs = -30;
  readonly read = (): number => this.levelDbfs;
}

describe('LevelMeter', () => {
  let pending: Map<number, FrameRequestCallback>;
  const paint = (): void => {
    const callbacks = [...pending.values()];
    pending.clear();
    for (const callback of callbacks) callback(0);
  };

  beforeEach(() => {
    pending = new Map();
    let nextId = 1;
    jest.spyOn(globalThis, 'requestAnimationFrame').mockImplementation((callback) => {
      pending.set(nextId, callback);
      return nextId++;
    });
    jest.spyOn(globalThis, 'cancelAnimationFrame').mockImplementation((id) => void pending.delete(id));
  });
  afterEach(() => jest.restoreAllMocks());

  it('reads the level once per animation frame, rises at once and falls slowly', async () => {
    const fixture = TestBed.createComponent(Host);
    await fixture.whenStable();
    const meter = (fixture.nativeElement as HTMLElement).querySelector('parley-level-meter');
    const value = (): number => Number(meter?.getAttribute('aria-valuenow'));
    expect([meter?.getAttribute('aria-label'), value(), pending.size]).toEqual(['Level', 50, 1]);
    fixture.componentInstance.levelDbfs = 0;
    paint();
    expect(value()).toBe(100);
    fixture.componentInstance.levelDbfs = -100;
    paint();
    expect(value()).toBe(90);
    for (let picture = 0; picture < 100; picture++) paint();
    expect(value()).toBe(0);
  });

  it('stops when it is removed from the page', async () => {
    const fixture = TestBed.createComponent(Host);
    await fixture.whenStable();
    expect(pending.size).toBe(1);
    fixture.destroy();
    expect(pending.size).toBe(0);
  });
});
