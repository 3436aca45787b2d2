import { Injectable, Scope } from '@nestjs/common';
import type { StartConversation } from '@parley/protocol';
import type { ConversationSink } from '../session/conversation-engine';

/** One object per client connection. Such objects get no lifecycle hooks from Nest: the session closes them. */
export const ConnectionScoped = (): ClassDecorator => Injectable({ scope: Scope.REQUEST });

/** What the providers of one connection share. */
export interface Connection {
  /** Also the conversation's id towards the client. */
  id: string;
  start: StartConversation;
  sink: ConversationSink;
}

/** Injection token of `Connection`, in connection-scoped providers. */
export const CONNECTION = Symbol('CONNECTION');
