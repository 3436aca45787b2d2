/** Raises the first samples from silence, in place: a raised cosine of `count` samples, or as many as there are. */
export function fadeIn(pcm: Int16Array, count: number): void {
  const length = Math.min(count, pcm.length);
  for (let i = 0; i < length; i++) pcm[i] = Math.round(pcm[i] * raisedCosine(i, length));
}

/** Lowers the last samples to silence, in place: the mirror image of `fadeIn`. */
export function fadeOut(pcm: Int16Array, count: number): void {
  const length = Math.min(count, pcm.length);
  const last = pcm.length - 1;
  for (let i = 0; i < length; i++) pcm[last - i] = Math.round(pcm[last - i] * raisedCosine(i, length));
}

/** From 0 at the first of `length` samples to just below 1 at the last. */
function raisedCosine(index: number, length: number): number {
  return (1 - Math.cos((Math.PI * index) / length)) / 2;
}
