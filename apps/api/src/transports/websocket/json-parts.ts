const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const BRACE = 0x7b;

/**
 * The number of opening brackets and braces, commas and colons outside the strings of a JSON text in UTF-8: about the number of its values.
 * They make parsing slow, byte for byte up to sixty times as slow as a long string, and are counted here without parsing. Text that is not
 * JSON is counted in the same way.
 */
export function countJsonParts(json: Uint8Array): number {
  let count = 0;
  let inString = false;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at];
    if (byte === QUOTE) inString = !inString;
    else if (inString) {
      if (byte === BACKSLASH) at += 1;
    } else if (byte === COMMA || byte === COLON || byte === BRACKET || byte === BRACE) {
      count += 1;
    }
  }
  return count;
}
