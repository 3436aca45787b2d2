/**
 * Injection token of the `Connection` that the providers of one conversation share: those of `Scope.REQUEST`. Nest calls no lifecycle hooks
 * of such objects: the conversation closes them.
 */
export const CONNECTION = Symbol('CONNECTION');
