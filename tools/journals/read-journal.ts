import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseWav } from '@parley/audio';
import { type AnyJournal, decodeAnyJournal, decodeJournal, type Journal, JournalError } from '@parley/conversation';

/** A journal of either engine. Throws a `JournalError` for what is no journal. */
export const readAnyJournal = (path: string): AnyJournal => decodeAnyJournal(readFileSync(path, 'utf8'));

/** A journal of the pipeline. Throws a `JournalError` for what is none. */
export const readJournal = (path: string): Journal => decodeJournal(readFileSync(path, 'utf8'));

/** What the microphone of a journal's session sent, from the audio clock's zero on. Throws where it was not kept. */
export function readMicrophone(path: string, { header }: Journal): Int16Array {
  if (header.audio === undefined) throw new JournalError('the sound of this journal was not kept');
  const wav = parseWav(readFileSync(join(dirname(path), header.audio.microphone.file)));
  if (!wav.ok) throw new JournalError(`the sound of the microphone cannot be read: ${wav.error}`);
  return wav.pcm;
}
