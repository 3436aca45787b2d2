/**
 * Returns the error code of a vendor if it is one of the known codes, so that it can be logged. Any other text is left out, because a
 * faulty server may repeat the API key or the words of a user in place of a code.
 */
export function loggableCode(code: string | undefined, known: { has(code: string): boolean }): string | undefined {
  return code !== undefined && known.has(code) ? code : undefined;
}
