import { Inject, Injectable } from '@nestjs/common';
import { ContextIdFactory, ModuleRef } from '@nestjs/core';
import { type Connection, type Conversation, PipelineConversation } from '@parley/engine';

/** What the running conversations hold, all together. */
export interface SessionResources {
  sessions: number;
  streams: number;
  timers: number;
}

/** Makes the objects of one conversation: one explicit injection context each. The only place that knows of Nest's contexts. */
@Injectable()
export class SessionFactory {
  private readonly running = new Set<PipelineConversation>();

  constructor(@Inject(ModuleRef) private readonly moduleRef: ModuleRef) {}

  /** The engine listens when this resolves. The caller closes it. */
  async open(connection: Connection): Promise<Conversation> {
    const contextId = ContextIdFactory.create();
    const watched = withExit(connection, () => this.running.delete(session));
    this.moduleRef.registerRequestByContextId(watched, contextId);
    const session = await this.moduleRef.resolve(PipelineConversation, contextId, { strict: false });
    this.running.add(session);
    session.start();
    return session;
  }

  resources(): SessionResources {
    const sum: SessionResources = { sessions: this.running.size, streams: 0, timers: 0 };
    for (const { openResources } of this.running) {
      sum.streams += openResources.streams;
      sum.timers += openResources.timers;
    }
    return sum;
  }
}

/** The connection, with something done when the conversation is over. */
const withExit = (connection: Connection, onEnded: () => void): Connection => ({
  options: connection.options,
  output: connection.output,
  emit: (event) => {
    if (event.type === 'ended') onEnded();
    connection.emit(event);
  },
});
