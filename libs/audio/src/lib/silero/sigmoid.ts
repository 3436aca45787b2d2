/** The logistic function: any number to 0..1. */
export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
