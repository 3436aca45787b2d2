import { type BrowserFakes, installBrowserFakes } from '../testing/browser-fakes';
import { knownMicrophoneProblem, listMicrophones, microphoneProblemOf, watchMicrophones } from './microphones';

describe('microphones', () => {
  let fakes: BrowserFakes;
  beforeEach(() => {
    fakes = installBrowserFakes();
  });
  afterEach(() => fakes.restore());

  const withoutDevices = (): void =>
    Object.defineProperty(navigator, 'mediaDevices', { value: undefined, configurable: true }) && undefined;

  it('lists only microphones, and numbers those without a name', async () => {
    fakes.devices.devices.push({ kind: 'audioinput', deviceId: 'x', label: '' });
    expect(await listMicrophones()).toEqual([
      { id: 'built-in', label: 'Built-in microphone' },
      { id: 'headset', label: 'Headset' },
      { id: 'x', label: 'Microphone 3' },
    ]);
  });

  it('lists none when the browser offers none', async () => {
    withoutDevices();
    expect(await listMicrophones()).toEqual([]);
  });

  it('recognises an insecure page without asking for a microphone', () => {
    expect(knownMicrophoneProblem()).toBeUndefined();
    withoutDevices();
    expect(knownMicrophoneProblem()).toBe('insecure');
  });

  it('watches for changes of the devices until it is told to stop', () => {
    const changed = jest.fn();
    const stop = watchMicrophones(changed);
    fakes.devices.dispatchEvent(new Event('devicechange'));
    stop();
    fakes.devices.dispatchEvent(new Event('devicechange'));
    expect(changed).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['NotAllowedError', 'refused'],
    ['SecurityError', 'insecure'],
    ['NotFoundError', 'missing'],
    ['OverconstrainedError', 'missing'],
    ['NotReadableError', 'busy'],
    ['AbortError', 'busy'],
    ['SomethingElse', 'failed'],
  ])('classifies the error %s as %s', (name, problem) => {
    expect(microphoneProblemOf(new DOMException('', name))).toBe(problem);
  });

  it.each([[undefined], [null], ['text'], [new TypeError('x')]])('classifies %p as failed', (error) => {
    expect(microphoneProblemOf(error)).toBe('failed');
  });
});
