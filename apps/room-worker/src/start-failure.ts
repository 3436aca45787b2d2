import { describeStartFailure } from '@parley/server';

/** Why the worker does not start, in words for whoever runs it. */
export class StartFailure extends Error {}

/** In plain words where whoever runs the worker can change something, otherwise with the stack of the error. */
export const describeFailure = (error: unknown): string => (error instanceof StartFailure ? error.message : describeStartFailure(error));
