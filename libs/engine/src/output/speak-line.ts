import { joinPcm } from '@parley/audio';
import type { TtsSession } from '@parley/providers';

/** Returns the whole audio of one sentence at the session's rate, or undefined if it was aborted or is empty. Throws what the voice throws. */
export async function speakLine(session: TtsSession, text: string, signal: AbortSignal): Promise<Int16Array | undefined> {
  const pieces: Int16Array[] = [];
  for await (const { pcm } of session.speak(only(text), signal)) pieces.push(pcm);
  return signal.aborted || pieces.length === 0 ? undefined : joinPcm(pieces);
}

async function* only(text: string): AsyncGenerator<string> {
  yield text;
}
