import { type BrowserFakes, installBrowserFakes } from '../testing/browser-fakes';
import { BrowserVoice } from './browser-voice';

describe('BrowserVoice', () => {
  let fakes: BrowserFakes;
  let voice: BrowserVoice;
  const handlers = { onReport: jest.fn(), onSpeaking: jest.fn() };
  const spoken = (): string[] => fakes.speech.spoken.map((utterance) => utterance.text);
  const last = () => fakes.speech.spoken.at(-1);
  const reports = (): unknown[] => handlers.onReport.mock.calls.map(([report]) => report);

  beforeEach(() => {
    jest.useFakeTimers();
    fakes = installBrowserFakes();
    voice = new BrowserVoice(handlers);
  });
  afterEach(() => {
    voice.cancel();
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
    jest.clearAllMocks();
    fakes.restore();
  });

  it('speaks sentence after sentence, and reports what was heard', () => {
    voice.speak(3, 'It costs 3.5 euros. Nice, no?');
    expect(spoken()).toEqual(['It costs 3.5 euros.']);
    last()?.onstart?.();
    jest.advanceTimersByTime(1_000);
    last()?.onend?.();
    expect(spoken()).toEqual(['It costs 3.5 euros.', 'Nice, no?']);
    last()?.onstart?.();
    jest.advanceTimersByTime(500);
    last()?.onend?.();
    expect(reports()).toEqual([
      { turn: 3, event: 'started', playedMs: 0 },
      { turn: 3, event: 'ended', playedMs: 1_500 },
    ]);
    expect(handlers.onSpeaking.mock.calls).toEqual([[true], [false]]);
  });

  it('splits a sentence that is too long for any voice between words', () => {
    const words = Array.from({ length: 90 }, (_, index) => `word${index}`);
    voice.speak(1, words.join(' '));
    while (last()?.onend) last()?.onend?.();
    expect(spoken().join(' ').split(' ')).toEqual(words);
    expect(Math.max(...spoken().map((piece) => piece.length))).toBeLessThanOrEqual(200);
  });

  it('continues a reply that has become longer without repeating anything', () => {
    voice.speak(1, 'Let me look.');
    voice.speak(1, 'Let me look. It is noon.');
    expect([spoken(), fakes.speech.cancels]).toEqual([['Let me look.'], 0]);
    last()?.onend?.();
    last()?.onend?.();
    voice.speak(1, 'Let me look. It is noon. Bye.');
    expect(spoken()).toEqual(['Let me look.', 'It is noon.', 'Bye.']);
    voice.cancel();
    voice.speak(1, 'Let me look. And more.');
    expect(spoken().at(-1)).toBe('Let me look.');
  });

  it('falls silent at once when cancelled, and reports nothing more', () => {
    voice.speak(1, 'One. Two.');
    last()?.onstart?.();
    voice.cancel();
    expect(fakes.speech.cancels).toBe(1);
    expect([last()?.onend, spoken().length]).toEqual([null, 1]);
    expect(handlers.onSpeaking.mock.calls).toEqual([[true], [false]]);
    expect(reports()).toEqual([{ turn: 1, event: 'started', playedMs: 0 }]);
  });

  it('pauses and resumes, and does not count the pause as heard', () => {
    voice.speak(1, 'One. Two.');
    last()?.onstart?.();
    jest.advanceTimersByTime(1_000);
    voice.pause(1, true);
    expect(fakes.speech.paused).toBe(true);
    jest.advanceTimersByTime(60_000);
    expect(spoken()).toEqual(['One.']);
    voice.pause(1, false);
    expect(fakes.speech.paused).toBe(false);
    jest.advanceTimersByTime(500);
    last()?.onend?.();
    last()?.onend?.();
    expect(spoken()).toEqual(['One.', 'Two.']);
    expect(reports()).toEqual([
      { turn: 1, event: 'started', playedMs: 0 },
      { turn: 1, event: 'ended', playedMs: 1_500 },
    ]);
  });

  it('does not begin the next sentence during a pause when the browser has finished the current one', () => {
    voice.speak(1, 'One. Two.');
    last()?.onstart?.();
    voice.pause(1, true);
    last()?.onend?.();
    expect(spoken()).toEqual(['One.']);
    voice.pause(1, false);
    expect(spoken()).toEqual(['One.', 'Two.']);
  });

  it('does not pause for another turn or when it is not reading', () => {
    voice.pause(0, true);
    voice.speak(2, 'One.');
    voice.pause(1, true);
    voice.pause(3, true);
    voice.pause(2, false);
    expect(fakes.speech.paused).toBe(false);
  });

  it('leaves the browser’s voice ready for the next reply when it is cancelled during a pause', () => {
    voice.speak(1, 'One.');
    last()?.onstart?.();
    voice.pause(1, true);
    voice.cancel();
    expect([fakes.speech.paused, fakes.speech.cancels]).toEqual([false, 1]);
    voice.pause(1, false);
    voice.speak(2, 'Two.');
    expect(spoken()).toEqual(['One.', 'Two.']);
  });

  it('abandons the previous reply when a new one arrives', () => {
    voice.speak(1, 'One. Two.');
    voice.speak(2, 'Three.');
    last()?.onstart?.();
    last()?.onend?.();
    expect(spoken()).toEqual(['One.', 'Three.']);
    expect(reports().map((report) => (report as { turn: number }).turn)).toEqual([2, 2]);
  });

  it('continues when the browser never reports the end of a sentence', () => {
    voice.speak(1, 'One. Two.');
    jest.advanceTimersByTime(10_000);
    expect(spoken()).toEqual(['One.', 'Two.']);
    jest.advanceTimersByTime(10_000);
    expect(reports()).toEqual([{ turn: 1, event: 'ended', playedMs: 0 }]);
  });

  it('reports a turn as finished with nothing heard when there is no voice or nothing to say', () => {
    voice.speak(1, ' \n ');
    Reflect.deleteProperty(window, 'speechSynthesis');
    voice.speak(2, 'Hello.');
    expect(reports()).toEqual([
      { turn: 1, event: 'ended', playedMs: 0 },
      { turn: 2, event: 'ended', playedMs: 0 },
    ]);
    expect(handlers.onSpeaking).not.toHaveBeenCalled();
  });
});
