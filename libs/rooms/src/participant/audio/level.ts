/** Root mean square of 16-bit PCM. */
export function levelOf(pcm: Int16Array): number {
  let squares = 0;
  for (const sample of pcm) squares += sample * sample;
  return pcm.length === 0 ? 0 : Math.sqrt(squares / pcm.length);
}
