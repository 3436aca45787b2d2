import '../testing/fast-check-seed';
import * as fc from 'fast-check';
import { audioRateFor, NARRATION_RATES } from './audio-rate';
import { AutoSchedule } from './auto-schedule';
import { bufferLevel } from './buffer-level';
import { passageKind } from './passage-kind';
import { checkSchedule, PASSAGE_SCHEDULES } from './schedules';
import { TextChunker } from './text-chunker';

const PARAGRAPH = 'The river ran through the valley, past the old mill and the fields that nobody had tilled since the war. '.repeat(4);
const DIALOGUE = '"Are you there?" she asked. "I have been waiting for you."\n"Yes," he said. "I am here now."\n';

describe('the kind of a passage', () => {
  it.each<[string, string, string]>([
    ['quoted speech', DIALOGUE, 'dialogue'],
    ['Chinese quoted speech', '「你在吗？」她问。\n「我在这里。」他说。', 'dialogue'],
    ['speech after dashes', '— Tu es là ?\n— Oui, je suis là depuis une heure déjà, et toi ?', 'dialogue'],
    ['a screenplay', 'HOST: Welcome to the show, everybody. Today we talk about rain.\nGUEST: Thank you for having me.', 'dialogue'],
    ['short lines', 'Good morning.\nHow are you?\nFine.\nAnd you?', 'dialogue'],
    ['a long paragraph', PARAGRAPH, 'narration'],
    ['a paragraph of middle length', 'The shop opens at nine. It closes at five, and on Saturdays at noon.', 'balanced'],
    ['a long paragraph with a short quotation', `${PARAGRAPH}They called it "the end" then. ${PARAGRAPH}`, 'narration'],
    ['nothing', '  \n', 'balanced'],
  ])('is judged for %s', (_, text, kind) => {
    expect(passageKind(text)).toBe(kind);
  });
});

describe('the automatic schedule', () => {
  it('uses the schedule of the passage', () => {
    const auto = new AutoSchedule();
    auto.arrived(PARAGRAPH);
    expect([0, 1, 2, 3, 4].map((chunk) => auto.next('', chunk))).toEqual([200, 280, 350, 400, 400]);
  });

  it('changes the schedule only when another kind of passage lasts', () => {
    const auto = new AutoSchedule();
    auto.arrived(PARAGRAPH);
    auto.next('', 0);
    auto.arrived(DIALOGUE.repeat(7));
    expect(auto.next('', 1)).toBe(PASSAGE_SCHEDULES.narration[1]);
    expect(auto.next('', 2)).toBe(PASSAGE_SCHEDULES.dialogue[2]);
    auto.arrived(PARAGRAPH.repeat(2));
    auto.next('', 3);
    auto.arrived(DIALOGUE.repeat(7));
    expect(auto.next('', 4)).toBe(PASSAGE_SCHEDULES.dialogue[3]);
  });

  it('shortens the chunks while the listener has little audio, and lengthens them while there is plenty', () => {
    const auto = new AutoSchedule();
    auto.arrived(PARAGRAPH);
    auto.buffered(300);
    expect(auto.next('', 7)).toBe(200);
    auto.buffered(3_000);
    expect(auto.next('', 7)).toBe(400);
    expect(auto.next('', 1)).toBe(280);
    auto.buffered(9_000);
    expect(auto.next('', 0)).toBe(400);
  });

  it('shortens a chunk that has begun when the listener runs out of audio', () => {
    const auto = new AutoSchedule();
    const chunker = new TextChunker(auto);
    auto.buffered(9_000);
    const text = PARAGRAPH.slice(0, 330);
    expect(chunker.push(text)).toEqual([]);
    auto.buffered(500);
    const [chunk] = chunker.push('');
    expect(chunk.length).toBeGreaterThanOrEqual(200);
    expect(chunk + chunker.held).toBe(text);
  });

  it('counts a passage once for each chunk, however often the level changes', () => {
    const auto = new AutoSchedule();
    auto.arrived(PARAGRAPH);
    auto.next('', 0);
    auto.arrived(DIALOGUE.repeat(7));
    for (const ms of [300, 9_000, 300, 5_000]) {
      auto.buffered(ms);
      auto.next('', 1);
    }
    expect(auto.kind).toBe('narration');
  });

  it('leaves a level later than it entered it', () => {
    expect([900, 2_400, 2_600, 1_100].reduce<string[]>((levels, ms) => [...levels, bufferLevel(ms, levelOf(levels))], [])).toEqual([
      'low',
      'low',
      'normal',
      'normal',
    ]);
    expect([6_100, 4_100, 3_900, 5_900].reduce<string[]>((levels, ms) => [...levels, bufferLevel(ms, levelOf(levels))], [])).toEqual([
      'high',
      'high',
      'normal',
      'normal',
    ]);
  });

  it('gives entries within the limits and loses no text, whatever is heard', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(PARAGRAPH, DIALOGUE, 'Go. ', 'aaaa'), fc.nat(10_000)), { maxLength: 40 }), (steps) => {
        const auto = new AutoSchedule();
        const chunker = new TextChunker(auto);
        const chunks = steps.flatMap(([piece, ms]) => {
          auto.buffered(ms);
          expect(checkSchedule([auto.next(piece, 0)])).toBeUndefined();
          return chunker.push(piece);
        });
        expect(chunks.join('') + (chunker.flush() ?? '')).toBe(steps.map(([piece]) => piece).join(''));
      }),
    );
  });
});

const levelOf = (levels: readonly string[]) => (levels.at(-1) ?? 'normal') as 'low' | 'normal' | 'high';

describe('the audio rate', () => {
  it.each<[number | undefined, 24_000 | 16_000 | 8_000, number]>([
    [undefined, 16_000, 16_000],
    [1_000_000, 8_000, 24_000],
    [60_000, 24_000, 24_000],
    [59_000, 24_000, 16_000],
    [39_000, 24_000, 8_000],
    [0, 24_000, 8_000],
    [60_000, 16_000, 16_000],
    [96_000, 16_000, 24_000],
    [64_000, 8_000, 16_000],
    [45_000, 8_000, 8_000],
    [NaN, 16_000, 16_000],
  ])('for %p bytes per second at %p Hz is %p Hz', (speed, current, rate) => {
    expect(audioRateFor(speed, current)).toBe(rate);
  });

  it('stays at a steady speed', () => {
    fc.assert(
      fc.property(fc.nat(200_000), fc.constantFrom(...NARRATION_RATES), (speed, current) => {
        const rate = audioRateFor(speed, current);
        expect(audioRateFor(speed, rate)).toBe(rate);
      }),
    );
  });
});
