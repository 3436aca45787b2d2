import { Logger } from '@nestjs/common';
import { OpeningLines } from './opening-lines';

const PCM = new Int16Array([1, 2, 3]);

describe('OpeningLines', () => {
  let warnings: unknown[];
  let asked: string[];

  beforeEach(() => {
    warnings = [];
    asked = [];
    jest.spyOn(Logger.prototype, 'warn').mockImplementation((warning: unknown) => void warnings.push(warning));
  });

  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  function given(lines: { greeting?: string; resumption?: string }, speak = () => Promise.resolve(PCM)): OpeningLines {
    const speech = {
      of: (text: string) => {
        asked.push(text);
        return speak();
      },
    };
    return new OpeningLines({ openingLines: { greeting: undefined, resumption: undefined, ...lines } }, speech);
  }

  it('are spoken when the program starts, before a room asks for them', async () => {
    const lines = given({ greeting: 'Hello.', resumption: 'Sorry.' });
    lines.onApplicationBootstrap();
    expect(asked).toEqual(['Hello.', 'Sorry.']);
    expect(await lines.of('greeting')).toEqual({ text: 'Hello.', pcm: PCM });
    expect(await lines.of('resumption')).toEqual({ text: 'Sorry.', pcm: PCM });
  });

  it('are none where none are configured', async () => {
    const lines = given({});
    lines.onApplicationBootstrap();
    expect([await lines.of('greeting'), await lines.of('resumption'), asked]).toEqual([undefined, undefined, []]);
  });

  it('are left out when they cannot be spoken, which the log says', async () => {
    const lines = given({ greeting: 'Hello.' }, () => Promise.reject(new Error('no voice')));
    expect(await lines.of('greeting')).toBeUndefined();
    expect(warnings).toEqual([expect.objectContaining({ message: 'the greeting could not be spoken' })]);
  });

  it('are left out when they take too long', async () => {
    jest.useFakeTimers();
    const lines = given({ greeting: 'Hello.' }, () => new Promise(() => undefined));
    const waiting = lines.of('greeting');
    jest.advanceTimersByTime(5_000);
    expect(await waiting).toBeUndefined();
    expect(warnings).toEqual([]);
  });
});
