/**
 * Injection token of the `Connection` that the providers of one conversation share: those of `Scope.REQUEST`. Such objects get no lifecycle
 * hooks from Nest: the conversation closes them.
 */
export const CONNECTION = Symbol('CONNECTION');
