/** Injection token of `ClientTools`. */
export const CLIENT_TOOLS = Symbol('CLIENT_TOOLS');
