import { Module } from '@nestjs/common';
import { ClientAddressModule } from '../../client-address/client-address.module';
import { RoomsModule } from '../../../rooms/rooms.module';
import { SessionTokensModule } from '../../session-tokens/session-tokens.module';
import { RoomWebhookController } from './room-webhook.controller';
import { RoomsController } from './rooms.controller';

/** Provides the HTTP side of rooms. */
@Module({ imports: [ClientAddressModule, RoomsModule, SessionTokensModule], controllers: [RoomsController, RoomWebhookController] })
export class RoomHttpModule {}
