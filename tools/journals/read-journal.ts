import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseWav } from '@parley/audio';
import { type AnyJournal, decodeAnyJournal, decodeJournal, type Journal, JournalError } from '@parley/conversation';

/** A journal of either engine. Throws a `JournalError` if the file is not a journal. */
export const readAnyJournal = (path: string): AnyJournal => decodeAnyJournal(readFileSync(path, 'utf8'));

/** A journal of the pipeline. Throws a `JournalError` if the file is not one. */
export const readJournal = (path: string): Journal => decodeJournal(readFileSync(path, 'utf8'));

/** The microphone's audio of a journal's session, from time 0 of the audio clock on. Throws if it was not kept. */
export function readMicrophone(path: string, { header }: Journal): Int16Array {
  if (header.audio === undefined) throw new JournalError('the sound of this journal was not kept');
  const wav = parseWav(readFileSync(join(dirname(path), header.audio.microphone.file)));
  if (!wav.ok) throw new JournalError(`the sound of the microphone cannot be read: ${wav.error}`);
  return wav.pcm;
}
