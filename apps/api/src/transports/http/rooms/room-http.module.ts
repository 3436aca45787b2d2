import { Module } from '@nestjs/common';
import { ClientAddressModule } from '../../client-address/client-address.module';
import { LimitsModule } from '../../limits/limits.module';
import { RoomsModule } from '../../../rooms/rooms.module';
import { SessionTokensModule } from '../../session-tokens/session-tokens.module';
import { ConnectionModule } from '../../websocket/connection.module';
import { RoomWebhookController } from './room-webhook.controller';
import { RoomsController } from './rooms.controller';

/** Provides the HTTP side of rooms. */
@Module({
  imports: [ClientAddressModule, ConnectionModule, LimitsModule, RoomsModule, SessionTokensModule],
  controllers: [RoomsController, RoomWebhookController],
})
export class RoomHttpModule {}
