import { Global, Module, Scope } from '@nestjs/common';
import { REQUEST } from '@nestjs/core';
import type { Connection } from '@parley/engine';
import { CONNECTION } from './connection.token';

/** Gives connection-scoped providers their `CONNECTION`: the object the session factory registered for their context. */
@Global()
@Module({
  providers: [{ provide: CONNECTION, scope: Scope.REQUEST, inject: [REQUEST], useFactory: (connection: Connection) => connection }],
  exports: [CONNECTION],
})
export class ConnectionContextModule {}
