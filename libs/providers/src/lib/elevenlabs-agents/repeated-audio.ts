/**
 * Tells a piece of audio from its repetition. The vendor documents that event ids grow, not that each piece has its own (its clients rate
 * whole replies by them), so the id alone does not do; nor does the sound alone. Both together do: no voice makes the same sound to the last
 * bit twice running. Digital silence is the exception, and is taken as it comes: too much of it harms nobody, and times count on.
 */
export class RepeatedAudio {
  #eventId: number | undefined;
  #base64 = '';

  /** Whether this is the piece before once more. To be asked once of each piece, in order. */
  isRepeated(base64: string, eventId: number | undefined): boolean {
    const isSame = eventId !== undefined && eventId === this.#eventId && base64 === this.#base64;
    this.#eventId = eventId;
    this.#base64 = base64;
    return isSame && !isSilence(base64);
  }
}

function isSilence(base64: string): boolean {
  const bytes = Buffer.from(base64, 'base64');
  return bytes.every((byte) => byte === bytes[0]);
}
