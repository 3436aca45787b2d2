import { ScriptedRecogniser } from './scripted-recogniser.ts';

describe('ScriptedRecogniser', () => {
  it('recognises the queued texts one after another, word by word as audio arrives', async () => {
    const recogniser = new ScriptedRecogniser({ texts: ['tell me a joke', 'stop'], wordMs: 100, confidence: 0.8 });
    const frame = new Int16Array(1600);
    const stream = recogniser.open();
    const partials = [1, 2, 3, 4, 5].map(() => {
      stream.push(frame);
      return stream.partial;
    });

    expect(partials).toEqual(['tell', 'tell me', 'tell me a', 'tell me a joke', 'tell me a joke']);
    const recognition = await stream.end();
    expect(recognition).toMatchObject({ text: 'tell me a joke', confidence: 0.8 });
    expect(recognition.words.at(-1)).toEqual({ word: 'joke', startMs: 300, endMs: 400, probability: 0.8 });
    expect(await stream.end()).toBe(recognition);
    expect((await recogniser.open().end()).text).toBe('stop');
    expect(await recogniser.open().end()).toEqual({ text: '', words: [], confidence: 0 });
  });

  it('recognises the same text again and again when configured to', async () => {
    const recogniser = new ScriptedRecogniser({ texts: ['stop'], otherwise: 'go on' });
    const heard: string[] = [];
    for (let turn = 0; turn < 3; turn++) heard.push((await recogniser.open().end()).text);
    expect(heard).toEqual(['stop', 'go on', 'go on']);
  });

  it('keeps the text of a cancelled utterance for the next, and counts open utterances', async () => {
    const recogniser = new ScriptedRecogniser();
    recogniser.expect('help');
    const cancelled = recogniser.open();
    expect(recogniser.openCount).toBe(1);
    cancelled.cancel();
    cancelled.cancel();
    expect(recogniser.openCount).toBe(0);
    expect((await cancelled.end()).text).toBe('');

    const stream = recogniser.open();
    expect((await stream.end()).text).toBe('help');
    stream.cancel();
    expect(recogniser.openCount).toBe(0);
  });
});
