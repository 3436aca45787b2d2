/** Stands in for ../app/worklet-url: `import.meta` does not exist in CommonJS specs. */
export const captureWorkletUrl = (): string => 'capture.js';
export const playbackWorkletUrl = (): string => 'playback.js';
