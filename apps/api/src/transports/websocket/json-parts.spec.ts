import { countJsonParts } from './json-parts';

describe('countJsonParts', () => {
  it.each<[text: string, parts: number]>([
    ['', 0],
    ['"a"', 0],
    ['{}', 1],
    ['{"type":"heartbeat"}', 2],
    ['{"a":1,"b":[2,3]}', 6],
    ['[[[[', 4],
    ['{"text":"[{,:]"}', 2],
    ['{"text":"\\"[{,:"}', 2],
    ['{"text":"\\\\","a":[]}', 5],
    ['{"text":"[[[[[', 2],
    ['{"text":"\u0928\u092e\u0938\u094d\u0924\u0947 [","a":1}', 4],
  ])('counts the parts of %s as %i', (text, parts) => {
    expect(countJsonParts(Buffer.from(text))).toBe(parts);
  });
});
