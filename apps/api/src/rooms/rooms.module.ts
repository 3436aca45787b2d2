import { Module } from '@nestjs/common';
import { MetricsModule } from '@parley/server';
import { RoomMetrics } from './room-metrics';
import { Rooms } from './rooms';

/** Provides the rooms of this server. */
@Module({ imports: [MetricsModule], providers: [RoomMetrics, Rooms], exports: [Rooms, RoomMetrics] })
export class RoomsModule {}
