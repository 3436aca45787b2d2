/**
 * `npm run doctor`: what this machine has of what Parley needs, and the command for what it lacks. Exit code 1 when something needed is missing.
 * Changes nothing. Plain Node 18 or newer, no dependencies, so that it also runs before they are installed.
 */
import { checkChromium, checkDependencies, checkKeys, checkNode, checkPort, checkRooms, checkSpeech } from './doctor/checks.mjs';
import { renderFindings } from './doctor/finding.mjs';
import { settingsOf } from './doctor/settings.mjs';
import { ROOT } from './setup/paths.mjs';

const settings = settingsOf(ROOT);
const findings = [
  checkNode(),
  checkDependencies(),
  checkSpeech(settings),
  checkChromium(),
  await checkPort(settings),
  ...checkKeys(settings),
  checkRooms(settings),
];
const colour = process.stdout.isTTY === true && !process.env.NO_COLOR;
for (const line of renderFindings(findings, { colour })) console.log(line);

const missing = findings.filter(({ state }) => state === 'missing');
console.log(missing.length === 0 ? '\nReady: npm start' : `\nNeeded first: ${missing.map(({ what }) => what).join(', ')}`);
process.exitCode = missing.length === 0 ? 0 : 1;
