import { boundedFetch } from '../socket/bounded-fetch';

/** Stands for "no answer": no server uses it. */
export const UNREACHABLE_STATUS = 599;

/** Of one answer: some minutes of speech, whose own bound is its text, and far more than any list. */
const MOST_BYTES = 16 * 1024 * 1024;
const bounded = boundedFetch('elevenlabs', { mostBytes: MOST_BYTES });

/**
 * `fetch` for the vendor's SDK, which lets go of its time-out timer only when the fetch resolves: a request that could not be sent, was
 * redirected, or was aborted before its answer, resolves to `UNREACHABLE_STATUS`, so that no timer outlives it. Bodies are bounded.
 */
export const settlingFetch: typeof fetch = async (input, init) => {
  try {
    return await bounded(input, init);
  } catch {
    return new Response(null, { status: UNREACHABLE_STATUS });
  }
};
