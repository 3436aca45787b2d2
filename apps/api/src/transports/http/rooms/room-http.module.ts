import { Module } from '@nestjs/common';
import { RoomsModule } from '../../../rooms/rooms.module';
import { RoomWebhookController } from './room-webhook.controller';
import { RoomsController } from './rooms.controller';

/** Provides the HTTP side of rooms. */
@Module({ imports: [RoomsModule], controllers: [RoomsController, RoomWebhookController] })
export class RoomHttpModule {}
