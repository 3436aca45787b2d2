/**
 * A vendor's own error code, fit for a log line: only those that are known, anything else is left out. Where a code belongs, a server that
 * misbehaves may repeat the key it was sent, or what a user said.
 */
export function loggableCode(code: string | undefined, known: { has(code: string): boolean }): string | undefined {
  return code !== undefined && known.has(code) ? code : undefined;
}
