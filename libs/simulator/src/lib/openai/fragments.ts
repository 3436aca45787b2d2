import { integerBetween, type Random } from '../random';

/** The bytes of some events in the worst possible form: pieces of 1 to 7 bytes, CRLF line ends and a comment line in front. */
export function fragments(events: string, random: Random): Buffer[] {
  const bytes = Buffer.from(`: keep-alive\n\n${events}`.replaceAll('\n', '\r\n'), 'utf8');
  const pieces: Buffer[] = [];
  for (let from = 0; from < bytes.length;) {
    const to = from + integerBetween(random, 1, 7);
    pieces.push(bytes.subarray(from, to));
    from = to;
  }
  return pieces;
}
