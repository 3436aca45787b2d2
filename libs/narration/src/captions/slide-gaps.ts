import { type UnitTime } from './alignment';
import { type Stretch } from './match-texts';

/**
 * Moves stretches of the text that the alignment lacks to where the alignment has a gap in time. The same words at the beginning and behind
 * the end of what is missing ("The … The …") leave more than one place for it, and only the times tell which one it is.
 */
export function slideGaps(stretches: readonly Stretch[], text: string, times: readonly UnitTime[]): Stretch[] {
  const result = stretches.map((stretch) => ({ ...stretch }));
  for (const [index, gap] of result.entries()) {
    const before = result[index - 1];
    if (!before?.isEqual || gap.isEqual || gap.otherTo > gap.otherFrom) continue;
    const after = result[index + 1];
    if (!after?.isEqual) continue;
    const back = stepsBack(gap, before, text, times);
    before.to -= back;
    before.otherTo -= back;
    gap.from -= back;
    gap.to -= back;
    gap.otherFrom -= back;
    gap.otherTo -= back;
    after.from -= back;
    after.otherFrom -= back;
  }
  return result;
}

function stepsBack(gap: Stretch, before: Stretch, text: string, times: readonly UnitTime[]): number {
  const silence = (place: number): number => (times[place]?.startMs ?? 0) - (times[place - 1]?.endMs ?? 0);
  let best = 0;
  for (let back = 1; back < before.to - before.from && text[gap.from - back] === text[gap.to - back]; back += 1) {
    if (silence(gap.otherFrom - back) > silence(gap.otherFrom - best)) best = back;
  }
  return best;
}
