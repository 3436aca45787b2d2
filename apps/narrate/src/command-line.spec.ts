import { CommandLineError, parseCommandLine, USAGE } from './command-line';

describe('the command line', () => {
  it('reads the script, the voices, the files and the choices', () => {
    const args = [
      ...['script.md', '--voice', 'HOST=parley-clara', '--voice', 'GUEST 2=Ray', '--voice', 'parley-dot'],
      ...['-o', 'episode.mp3', '--output', 'episode.WAV', '--captions', 'episode.srt'],
      ...['--purpose', 'expressive', '--model', 'eleven_v3', '--language', 'hi-IN', '--title', 'Rain', '--seed', '7', '--parallel', '2'],
    ];
    expect(parseCommandLine(args)).toEqual({
      script: 'script.md',
      outputs: [
        { path: 'episode.mp3', type: 'mp3' },
        { path: 'episode.WAV', type: 'wav' },
        { path: 'episode.srt', type: 'srt' },
      ],
      speakers: new Map([
        ['HOST', 'parley-clara'],
        ['GUEST 2', 'Ray'],
      ]),
      voice: 'parley-dot',
      purpose: 'expressive',
      model: 'eleven_v3',
      language: 'hi-IN',
      title: 'Rain',
      seed: 7,
      parallel: 2,
      mode: 'render',
    });
  });

  it('needs no file to check a script or to show its plan', () => {
    expect(parseCommandLine(['script.md', '--check'])).toMatchObject({ mode: 'check', outputs: [], parallel: 4 });
    expect(parseCommandLine(['-', '--show-plan'])).toMatchObject({ mode: 'plan', script: '-' });
    expect(parseCommandLine(['--help']).mode).toBe('help');
  });

  it.each([
    [[], 'the script is missing'],
    [['a.md', 'b.md', '-o', 'c.mp3'], 'b.md'],
    [['a.md'], '--output is missing'],
    [['a.md', '--captions', 'a.vtt'], '--output is missing'],
    [['a.md', '-o', 'a.ogg'], '.mp3 or .wav'],
    [['a.md', '-o', 'a.mp3', '--captions', 'a.txt'], '.vtt or .srt'],
    [['a.md', '-o', 'a.mp3', '-o', 'a.mp3'], 'a.mp3 is given twice'],
    [['a.md', '-o', 'a.mp3', '--voice', '=clara'], '--voice'],
    [['a.md', '-o', 'a.mp3', '--voice', 'HOST='], '--voice'],
    [['a.md', '-o', 'a.mp3', '--purpose', 'loud'], 'live, balanced'],
    [['a.md', '-o', 'a.mp3', '--seed', '-1'], '--seed'],
    [['a.md', '-o', 'a.mp3', '--seed', '4294967296'], '--seed'],
    [['a.md', '-o', 'a.mp3', '--parallel', '0'], '--parallel'],
    [['a.md', '-o', 'a.mp3', '--colour', 'red'], '--colour'],
  ])('refuses %j and says why in plain words', (args, words) => {
    expect(() => parseCommandLine(args)).toThrow(CommandLineError);
    expect(() => parseCommandLine(args)).toThrow(words);
  });

  it('names every option in its help', () => {
    for (const option of ['--output', '--captions', '--voice', '--purpose', '--model', '--seed', '--check', '--show-plan']) {
      expect(USAGE).toContain(option);
    }
  });
});
