/**
 * `npx nx run conversation:replay <journal>...`: gives the events of recorded sessions, on either engine, to their turn engine again and reports each
 * decision that is different now. Exits with 1 if there is one, and with 2 if a journal cannot be read. Paths are relative to the workspace.
 */
import { JournalError, replayJournal } from '@parley/conversation';
import { describeReplay } from './describe-replay';
import { readAnyJournal } from './read-journal';

const paths = process.argv.slice(2);
if (paths.length === 0) {
  console.error('Usage: npx nx run conversation:replay <journal.jsonl>...');
  process.exitCode = 2;
}

for (const path of paths) {
  try {
    const journal = readAnyJournal(path);
    const replay = replayJournal(journal);
    console.log(`${path}: ${describeReplay(replay)}${journal.truncated ? ' (the last line is cut off)' : ''}`);
    if (replay.differences.length > 0) process.exitCode = Math.max(1, Number(process.exitCode ?? 0));
  } catch (error) {
    if (!(error instanceof JournalError) && !isMissing(error)) throw error;
    console.error(`${path}: ${error.message}`);
    process.exitCode = 2;
  }
}

function isMissing(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}
