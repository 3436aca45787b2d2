/** Injection token of the narration stage: `StageProvider<NarrationProvider>`. */
export const NARRATION_PROVIDER = Symbol('NARRATION_PROVIDER');
