/** A vendor's own error code, fit for a log line: codes are short identifiers; anything else (free text may quote the user) is left out. */
export function loggableCode(code: string | undefined): string | undefined {
  return code !== undefined && /^[\w.+:-]{1,64}$/.test(code) ? code : undefined;
}
