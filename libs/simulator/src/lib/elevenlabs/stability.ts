/** The values that v3 takes: creative, natural and robust. */
const OF_V3: readonly unknown[] = [0, 0.5, 1];

/** What is wrong with a stability for a model, or undefined. */
export function stabilityProblem(modelId: string, stability: unknown): string | undefined {
  if (stability === undefined || stability === null) return undefined;
  if (modelId.startsWith('eleven_v3')) return OF_V3.includes(stability) ? undefined : 'Stability must be 0.0, 0.5 or 1.0 for this model.';
  return typeof stability === 'number' && stability >= 0 && stability <= 1 ? undefined : 'Stability must be between 0 and 1.';
}
