import { Module } from '@nestjs/common';
import { SessionModule } from '../session/session.module';
import { ConnectionRegistry } from './connection-registry';
import { ConversationGateway } from './conversation.gateway';

/** The WebSocket transport. */
@Module({
  imports: [SessionModule],
  providers: [ConversationGateway, ConnectionRegistry],
  exports: [ConnectionRegistry],
})
export class ConnectionModule {}
