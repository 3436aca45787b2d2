/** Sent to servers that speak a vendor's protocol without asking for a key: they still get a header. */
export const NO_KEY = 'not-needed';
