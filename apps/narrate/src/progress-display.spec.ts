import { ProgressDisplay, type Terminal } from './progress-display';

class RecordingTerminal implements Terminal {
  written = '';

  constructor(
    readonly isTTY: boolean,
    readonly columns = 80,
  ) {}

  write(text: string): void {
    this.written += text;
  }

  /** What stands in the last line. */
  get line(): string {
    return this.written.split('\r\u001b[K').at(-1) ?? '';
  }
}

describe('the progress of an episode', () => {
  it('is a bar in one line of a terminal', () => {
    const terminal = new RecordingTerminal(true);
    const display = new ProgressDisplay(terminal);
    display.show({ done: 0, total: 20, durationMs: 0 });
    display.show({ done: 10, total: 20, durationMs: 65_000 });
    expect(terminal.line).toBe('[###############...............] 10 of 20 segments, 1:05 of audio');
    display.say('Putting it together …');
    expect(terminal.line).toBe('Putting it together …');
    expect(terminal.written).not.toContain('\n');
    display.end();
    display.end();
    expect(terminal.line).toBe('');
  });

  it.each([
    [20, 19],
    // A terminal that does not know its width.
    [0, 63],
  ])('is never longer than the line of %d columns', (columns, length) => {
    const terminal = new RecordingTerminal(true, columns);
    new ProgressDisplay(terminal).show({ done: 1, total: 2, durationMs: 0 });
    expect(terminal.line).toHaveLength(length);
  });

  it('is not written again while it is the same', () => {
    const terminal = new RecordingTerminal(true);
    const display = new ProgressDisplay(terminal);
    for (let i = 0; i < 3; i++) display.show({ done: 1, total: 2, durationMs: 0 });
    expect(terminal.written.split('\r')).toHaveLength(2);
  });

  it('is a line for each tenth where nothing can be written over', () => {
    const terminal = new RecordingTerminal(false);
    const display = new ProgressDisplay(terminal);
    for (let done = 0; done <= 100; done++) display.show({ done, total: 100, durationMs: done * 1_000 });
    display.end();
    expect(terminal.written.split('\n')).toHaveLength(11);
    expect(terminal.written).toContain('50 of 100 segments, 0:50 of audio\n');
    expect(terminal.written).not.toContain('\r');
  });
});
