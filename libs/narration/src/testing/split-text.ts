import * as fc from 'fast-check';

/** A text cut into pieces at random places, also inside of surrogate pairs. */
export const splitAtRandom = (text: fc.Arbitrary<string>): fc.Arbitrary<string[]> =>
  fc.tuple(text, fc.array(fc.nat(), { maxLength: 40 })).map(([whole, places]) => {
    const cuts = [...new Set(places.map((place) => place % (whole.length + 1)))].sort((a, b) => a - b);
    return [...cuts, whole.length].map((end, index) => whole.slice(index === 0 ? 0 : cuts[index - 1], end));
  });
