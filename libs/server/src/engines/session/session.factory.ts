import { Inject, Injectable } from '@nestjs/common';
import { ContextIdFactory, ModuleRef } from '@nestjs/core';
import { type Connection, type Conversation, PipelineConversation } from '@parley/engine';

/** The resources that all running conversations hold together. */
export interface SessionResources {
  sessions: number;
  streams: number;
  timers: number;
}

/** Creates the objects of one conversation in an injection context of their own. Only this class knows about Nest's contexts. */
@Injectable()
export class SessionFactory {
  private readonly running = new Set<PipelineConversation>();

  constructor(@Inject(ModuleRef) private readonly moduleRef: ModuleRef) {}

  /** Resolves when the conversation accepts input. The caller closes it. */
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

/** Wraps the connection so that `onEnded` is called when the conversation has ended. */
const withExit = (connection: Connection, onEnded: () => void): Connection => ({
  ...connection,
  emit: (event) => {
    if (event.type === 'ended') onEnded();
    connection.emit(event);
  },
});
