import { boundedFetch } from '../socket/bounded-fetch';

/** A status that stands for "no answer". No server uses it. */
export const UNREACHABLE_STATUS = 599;

/** Limit of the body of one answer. It allows several minutes of speech, which has a limit of its own, and far more than any list. */
const MOST_BYTES = 16 * 1024 * 1024;
const bounded = boundedFetch('elevenlabs', { mostBytes: MOST_BYTES });

/**
 * `fetch` for the vendor's SDK. The SDK clears its timeout timer only when the fetch resolves, so a request that could not be sent, was
 * redirected, or was aborted before its answer resolves to `UNREACHABLE_STATUS`, and no timer outlives it. The size of bodies is limited.
 */
export const settlingFetch: typeof fetch = async (input, init) => {
  try {
    return await bounded(input, init);
  } catch {
    return new Response(null, { status: UNREACHABLE_STATUS });
  }
};
