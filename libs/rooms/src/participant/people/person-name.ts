const MAX_NAME_LENGTH = 40;

/** What a person is called in front of their words. People choose their names themselves, so that nothing in it may look like more words. */
export function personName(name: string | undefined, identity: string): string {
  const plain = (name ?? '').replace(/[\p{C}\p{Z}:]+/gu, ' ').trim() || identity.replace(/[\p{C}\p{Z}:]+/gu, ' ').trim();
  return [...plain].slice(0, MAX_NAME_LENGTH).join('').trim();
}
