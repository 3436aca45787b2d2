import * as fc from 'fast-check';
import { type SelectedFrame, SpeakerSelector } from './speaker-selector';

const FRAME = 320;
/** A sound of this level whose samples tell who made it. */
const sound = (level: number) => new Int16Array(FRAME).fill(level);
const NOISE = 20;
const VOICE = 2_000;

/** Lets the people be heard at these levels for that many frames, and returns the last result. */
function hear(selector: SpeakerSelector, levels: Readonly<Record<string, number>>, frames = 1): SelectedFrame {
  let selected: SelectedFrame = { pcm: new Int16Array(0), speakers: [] };
  for (let frame = 0; frame < frames; frame++)
    selected = selector.select(Object.entries(levels).map(([identity, level]) => ({ identity, pcm: sound(level) })));
  return selected;
}

describe('the choice of speakers', () => {
  const given = (): SpeakerSelector => {
    const selector = new SpeakerSelector();
    hear(selector, { asha: NOISE, ravi: NOISE }, 20);
    return selector;
  };

  it('passes one person on as they are, from the first sample on', () => {
    const selector = new SpeakerSelector();
    const pcm = sound(VOICE);
    expect(selector.select([{ identity: 'asha', pcm }]).pcm).toBe(pcm);
  });

  it('is silence when there is nobody', () => {
    const { pcm, speakers } = new SpeakerSelector().select([]);
    expect([...new Set(pcm), pcm.length]).toEqual([0, FRAME]);
    expect(speakers).toEqual([]);
  });

  it('hears everybody while nobody speaks, so that no first syllable is lost', () => {
    expect(hear(given(), { asha: VOICE, ravi: NOISE }).pcm[0]).toBe(VOICE + NOISE);
  });

  it('gives the floor to whoever speaks, and leaves out the noise of the others', () => {
    const selector = given();
    const { pcm, speakers } = hear(selector, { asha: VOICE, ravi: NOISE }, 5);
    expect(selector.holder).toBe('asha');
    expect([pcm[0], speakers]).toEqual([VOICE, ['asha']]);
  });

  it('does not take a click for a voice', () => {
    const selector = given();
    hear(selector, { asha: VOICE, ravi: NOISE }, 2);
    expect(hear(selector, { asha: NOISE, ravi: NOISE }).speakers).toEqual([]);
  });

  it('mixes a second voice in, and names the one who holds the floor first', () => {
    const selector = given();
    hear(selector, { asha: VOICE, ravi: NOISE }, 10);
    const { pcm, speakers } = hear(selector, { asha: VOICE, ravi: VOICE }, 10);
    expect(speakers).toEqual(['asha', 'ravi']);
    expect(pcm[0]).toBe(2 * VOICE);
  });

  it('keeps the floor through a pause, and passes it on when another one speaks in it', () => {
    const selector = given();
    hear(selector, { asha: VOICE, ravi: NOISE }, 10);
    hear(selector, { asha: NOISE, ravi: NOISE }, 20);
    expect(selector.holder).toBe('asha');
    hear(selector, { asha: NOISE, ravi: VOICE }, 5);
    expect(selector.holder).toBe('ravi');
    hear(selector, { asha: NOISE, ravi: NOISE }, 40);
    expect(selector.holder).toBeUndefined();
  });

  it('takes the floor from whoever leaves in the middle of a sentence', () => {
    const selector = given();
    hear(selector, { asha: VOICE, ravi: NOISE }, 10);
    selector.remove('asha');
    expect(hear(selector, { ravi: NOISE }).pcm[0]).toBe(NOISE);
    expect(selector.holder).toBeUndefined();
  });

  it('takes the floor from whoever is not received any more', () => {
    const selector = given();
    hear(selector, { asha: VOICE, ravi: NOISE }, 10);
    hear(selector, { ravi: NOISE }, 40);
    expect(selector.holder).toBeUndefined();
  });

  it('gets used to a noise that goes on', () => {
    const selector = given();
    hear(selector, { asha: 600, ravi: NOISE }, 600);
    expect(selector.holder).toBeUndefined();
  });

  it('never clips around when loud voices are mixed', () => {
    const selector = given();
    expect(hear(selector, { asha: 30_000, ravi: 30_000 }, 10).pcm[0]).toBe(32_767);
  });

  it('gives one frame for each call, decides the same for the same frames, and names only people who are there', () => {
    const level = fc.constantFrom(0, NOISE, 100, VOICE, 20_000);
    const frames = fc.array(fc.record({ asha: fc.option(level), ravi: fc.option(level), mina: fc.option(level) }), { maxLength: 80 });
    fc.assert(
      fc.property(frames, (list) => {
        const [one, other] = [new SpeakerSelector(), new SpeakerSelector()];
        for (const levels of list) {
          const given = Object.entries(levels).flatMap(([identity, value]) => (value === null ? [] : [{ identity, pcm: sound(value) }]));
          const selected = one.select(given);
          expect(selected.pcm).toHaveLength(FRAME);
          expect(selected).toEqual(other.select(given));
          expect(selected.speakers.every((identity) => given.some((frame) => frame.identity === identity))).toBe(true);
          if (selected.speakers.length > 0) expect(one.holder).toBeDefined();
        }
      }),
      { numRuns: 100 },
    );
  });
});
