import { Module } from '@nestjs/common';
import { ClientAddressModule } from '../../client-address/client-address.module';
import { RoomsModule } from '../../../rooms/rooms.module';
import { RoomWebhookController } from './room-webhook.controller';
import { RoomsController } from './rooms.controller';

/** Provides the HTTP side of rooms. */
@Module({ imports: [ClientAddressModule, RoomsModule], controllers: [RoomsController, RoomWebhookController] })
export class RoomHttpModule {}
