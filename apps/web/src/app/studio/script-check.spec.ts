import { SAMPLE_SCRIPT } from './sample-script';
import { checkScript } from './script-check';

describe('checkScript', () => {
  it('finds two voices, two chapters and no mistake in the sample', () => {
    expect(checkScript(SAMPLE_SCRIPT, [])).toMatchObject({
      problems: [],
      speakers: ['HOST', 'GUEST'],
      chapters: ['Welcome', 'How it is made'],
      segments: 5,
    });
  });

  it('counts what is spoken, not what is written', () => {
    const { characters, durationMs } = checkScript('HOST: Hello. [pause 2s] Bye.\n', []);
    expect(characters).toBe('Hello.'.length + 'Bye.'.length);
    expect(durationMs).toBeGreaterThan(2_000);
  });

  it('gives every speaker that is found a voice, and tells the place of each mistake', () => {
    expect(checkScript('HOST: Hi.\n\nSTRANGER: Hello.\n', ['HOST']).problems).toEqual([]);
    expect(checkScript('HOST: Hi.\n\nHOST: Wait [pause long] now.\n', []).problems).toMatchObject([{ line: 3, column: 12 }]);
    expect(checkScript('', []).problems).toMatchObject([{ line: 1, column: 1 }]);
  });
});
