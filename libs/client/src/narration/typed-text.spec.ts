/** @jest-environment node */
import { TypedText } from './typed-text';

/** What is done while a text is typed character by character behind a script. */
function typed(text: string, script = ''): string[] {
  const typedText = new TypedText(script);
  const steps = [...text].flatMap((_, index) => typedText.change(script + text.slice(0, index + 1)));
  return inShort([...steps, ...typedText.rest()]);
}

/** Texts that follow each other are shown as one. */
function inShort(steps: ReturnType<TypedText['change']>): string[] {
  const result: string[] = [];
  for (const step of steps) {
    const last = result.at(-1);
    if (step.type === 'flush') result.push('!');
    else if (step.type === 'speaker') result.push(`@${step.name}`);
    else if (last !== undefined && last !== '!' && !last.startsWith('@')) result[result.length - 1] = last + step.text;
    else result.push(step.text);
  }
  return result;
}

describe('TypedText', () => {
  it('speaks what is typed behind the script word by word, and each sentence at its end', () => {
    expect(typed('How are you? I am', 'Hello. ')).toEqual(['How are you? ', '!', 'I am', '!']);
  });

  it('waits for the end of a word', () => {
    const text = new TypedText('');
    expect(text.change('Good mor')).toEqual([{ type: 'text', text: 'Good ' }]);
    expect(text.change('Good morning ')).toEqual([{ type: 'text', text: 'morning ' }]);
  });

  it('changes the speaker where a line begins with a name, which is not spoken', () => {
    expect(typed('GUEST: Yes.\nI know.\nMR. X: No.', 'HOST: Well?\n')).toEqual([
      '@GUEST',
      'Yes.\n',
      '!',
      'I know.\n',
      '!',
      '@MR. X',
      'No.',
      '!',
    ]);
  });

  it('leaves out headings and tags', () => {
    expect(typed('# Part one\nHello [pause 1s] you.\n')).toEqual(['Hello  you.\n', '!']);
  });

  it('does not speak what is corrected within the script, and goes on at its end', () => {
    const text = new TypedText('Helo world.');
    expect(text.change('Hello world.')).toEqual([]);
    expect(inShort(text.change('Hello world. And '))).toEqual([' And ']);
  });

  it('speaks a word again that was deleted and written anew', () => {
    const text = new TypedText('');
    text.change('One two ');
    expect(text.change('One ')).toEqual([]);
    expect(text.change('One three ')).toEqual([{ type: 'text', text: 'three ' }]);
  });

  it('keeps what waits when something before it is corrected', () => {
    const text = new TypedText('Helo.');
    expect(text.change('Helo. Wor')).toEqual([]);
    expect(text.change('Hello. Wor')).toEqual([]);
    expect(inShort(text.rest())).toEqual(['Wor', '!']);
  });

  it('keeps words apart between which the writer paused', () => {
    const text = new TypedText('');
    text.change('I am');
    expect(inShort(text.rest())).toEqual(['I am', '!']);
    expect(inShort([...text.change('I am '), ...text.change('I am here ')])).toEqual([' here ']);
  });

  it('speaks a whole script with its speakers', () => {
    const script = '# Rain\n\nHOST: Hello.\nGUEST: Hi.\n';
    const text = new TypedText(script, true);
    expect(inShort([...text.change(script), ...text.rest()])).toEqual(['@HOST', 'Hello.\n', '!', '@GUEST', 'Hi.\n', '!']);
  });
});
