/** Length of a fade at a joint in milliseconds: long enough to avoid a click, and too short to be heard. */
export const FADE_MS = 5;

/** Raises the volume from silence over the samples, in place. `done` of `total` samples of the fade precede them. */
export function fadeIn(pcm: Int16Array, done: number, total: number): void {
  for (let index = 0; index < pcm.length && done + index < total; index += 1) {
    pcm[index] = Math.round((pcm[index] ?? 0) * raised((done + index) / total));
  }
}

/** Lowers the volume to silence over the last `total` samples, in place. */
export function fadeOut(pcm: Int16Array, total: number): void {
  const length = Math.min(total, pcm.length);
  for (let index = 0; index < length; index += 1) {
    const at = pcm.length - 1 - index;
    pcm[at] = Math.round((pcm[at] ?? 0) * raised(index / length));
  }
}

/** Half a period of a cosine from 0 to 1, which begins and ends without an edge. */
const raised = (share: number): number => (1 - Math.cos(Math.PI * share)) / 2;
