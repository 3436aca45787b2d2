/**
 * One line of the doctor's table.
 * @typedef {object} Finding
 * @property {string} what
 * @property {'ok' | 'note' | 'missing'} state `missing`: needed and not there, the doctor's exit code becomes 1; `note`: works without it
 * @property {string} detail
 * @property {string} [fix] the exact command, or what to do
 */

const COLOURS = { ok: 32, note: 33, missing: 31 };

/**
 * The table, one line per finding and one more per fix.
 * @param {readonly Finding[]} findings
 * @param {{ colour: boolean }} options
 */
export function renderFindings(findings, { colour }) {
  const width = Math.max(...findings.map(({ what }) => what.length));
  return findings.flatMap(({ what, state, detail, fix }) => {
    const word = state.padEnd(7);
    const line = `${colour ? `\x1b[${COLOURS[state]}m${word}\x1b[0m` : word}  ${what.padEnd(width)}  ${detail}`;
    return fix ? [line, `${''.padEnd(width + 11)}-> ${fix}`] : [line];
  });
}
