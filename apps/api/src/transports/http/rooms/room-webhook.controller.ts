import { Body, Controller, Headers, HttpCode, Inject, Post } from '@nestjs/common';
import { RoomMetrics } from '../../../rooms/room-metrics';
import { Rooms } from '../../../rooms/rooms';
import { toControlError } from '@parley/rooms';
import { ApiException } from '../api-error';

/**
 * Takes what the media server reports. Its signature is the permission, so no token and no origin is asked for. Nothing of the body is logged: it
 * holds passwords.
 */
@Controller('api/livekit')
export class RoomWebhookController {
  constructor(
    @Inject(Rooms) private readonly rooms: Rooms,
    @Inject(RoomMetrics) private readonly metrics: RoomMetrics,
  ) {}

  /** `body` is left as it came for this type only: it is signed byte by byte. */
  @Post('webhook')
  @HttpCode(200)
  async receive(@Body() body: unknown, @Headers('authorization') authorization: string | undefined): Promise<{ received: true }> {
    const { webhooks, handler } = await this.rooms.open();
    if (!Buffer.isBuffer(body)) throw new ApiException(415, 'A webhook must have the type application/webhook+json.');
    // Answered with 503 then, so that it is sent again.
    const result = await webhooks.receive(body, authorization).catch((error: unknown) => {
      throw toControlError('ask the store of rooms', error);
    });
    this.metrics.countWebhook(result);
    if (result.kind === 'refused') throw new ApiException(401, 'The webhook is not signed with the secret of this server.');
    if (result.kind === 'event') handler.handle(result.event);
    return { received: true };
  }
}
