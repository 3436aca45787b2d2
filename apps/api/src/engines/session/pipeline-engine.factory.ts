import { Inject, Injectable } from '@nestjs/common';
import type { ConversationStarted } from '@parley/protocol';
import type { Connection } from '../connection/connection-scoped';
import type { ConversationEngine, EngineFactory } from './conversation-engine';
import { ConversationStartedMessage } from '../../transports/websocket/conversation-started';
import { SessionFactory } from './session.factory';

/** Our own turn-taking over three vendors: each conversation is a `Session`. */
@Injectable()
export class PipelineEngineFactory implements EngineFactory {
  constructor(
    @Inject(SessionFactory) private readonly sessions: SessionFactory,
    @Inject(ConversationStartedMessage) private readonly started: ConversationStartedMessage,
  ) {}

  describe(connection: Connection): ConversationStarted {
    return this.started.for(connection);
  }

  open(connection: Connection): Promise<ConversationEngine> {
    return this.sessions.open(connection);
  }
}
