/** Stands for "no answer": no server uses it. */
export const UNREACHABLE_STATUS = 599;

/**
 * `fetch` for the vendor's SDK, which lets go of its time-out timer only when the fetch resolves: a request that could not be sent, or was
 * aborted before its answer, resolves to `UNREACHABLE_STATUS`, so that no timer outlives it.
 */
export const settlingFetch: typeof fetch = async (input, init) => {
  try {
    return await fetch(input, init);
  } catch {
    return new Response(null, { status: UNREACHABLE_STATUS });
  }
};
