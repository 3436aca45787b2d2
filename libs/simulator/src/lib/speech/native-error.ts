/** The packages the embedded speech needs, as one line for a shell. */
export const SPEECH_INSTALL_COMMAND = 'apt-get install -y --no-install-recommends libpocketsphinx3 pocketsphinx-en-us libflite1';

/** A native part that cannot be used here: why, and the command that cures it. */
export class NativeSpeechError extends Error {
  readonly remedy: string;

  constructor(message: string, remedy: string = SPEECH_INSTALL_COMMAND, options?: ErrorOptions) {
    super(message, options);
    this.name = 'NativeSpeechError';
    this.remedy = remedy;
  }
}

/** What to tell the parent about any failure to load. */
export function describeLoadFailure(error: unknown): { type: 'unavailable'; reason: string; remedy: string } {
  const reason = error instanceof Error ? error.message : String(error);
  return { type: 'unavailable', reason, remedy: error instanceof NativeSpeechError ? error.remedy : SPEECH_INSTALL_COMMAND };
}
