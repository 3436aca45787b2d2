import { Module } from '@nestjs/common';
import { LimitsModule } from '../../limits/limits.module';
import { RoomsModule } from '../../../rooms/rooms.module';
import { RoomWebhookController } from './room-webhook.controller';
import { RoomsController } from './rooms.controller';

/** Provides the HTTP side of rooms. */
@Module({ imports: [LimitsModule, RoomsModule], controllers: [RoomsController, RoomWebhookController] })
export class RoomHttpModule {}
