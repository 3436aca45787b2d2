import { Injectable, Scope } from '@nestjs/common';

/** One object per client connection. Such objects get no lifecycle hooks from Nest: the session closes them. */
export const ConnectionScoped = (): ClassDecorator => Injectable({ scope: Scope.REQUEST });

/** Injection token of the `Connection` that the providers of one conversation share, in connection-scoped providers. */
export const CONNECTION = Symbol('CONNECTION');
