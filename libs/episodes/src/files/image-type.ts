const TYPES = [
  { type: 'jpeg', begin: [0xff, 0xd8, 0xff] },
  { type: 'png', begin: [0x89, 0x50, 0x4e, 0x47] },
] as const;

/**
 * What a picture is, by its first bytes.
 *
 * @throws RangeError when it is neither.
 */
export function imageType(picture: Uint8Array): 'jpeg' | 'png' {
  const known = TYPES.find(({ begin }) => begin.every((byte, i) => picture[i] === byte));
  if (!known) throw new RangeError('the cover is neither JPEG nor PNG');
  return known.type;
}
