import { TestBed } from '@angular/core/testing';
import { publicConfig } from '@parley/client/testing';
import { providerRows } from '../server/provider-rows';
import { DemoPill } from './demo-pill';

describe('DemoPill', () => {
  const real = { name: 'vendor', simulated: false, available: true };
  const demo = { name: 'demo', simulated: true, available: true };
  const missing = { name: 'none', simulated: true, available: false };

  it.each([
    ['everything', { stt: demo, llm: demo, tts: demo }, 'Demo: no keys set'],
    ['everything that is available', { stt: missing, llm: demo, tts: demo }, 'Demo: no keys set'],
    ['a part', { stt: demo, llm: real, tts: demo }, 'Demo: no key for speech recognition, voice'],
    ['nothing', { stt: real, llm: real, tts: real }, undefined],
    ['nothing, although one stage is missing,', { stt: missing, llm: real, tts: real }, undefined],
  ])('says plainly that %s is a demonstration', async (_what, stages, words) => {
    const fixture = TestBed.createComponent(DemoPill);
    fixture.componentRef.setInput('providers', providerRows(publicConfig(stages), undefined));
    await fixture.whenStable();
    const pill = (fixture.nativeElement as HTMLElement).querySelector('[data-testid="demo"]');
    expect(pill?.textContent?.trim()).toBe(words);
  });
});
