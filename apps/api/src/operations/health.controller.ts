import { Controller, Get, Inject, ServiceUnavailableException } from '@nestjs/common';
import { ConnectionRegistry } from '../transports/websocket/connection-registry';

@Controller('api')
export class HealthController {
  constructor(@Inject(ConnectionRegistry) private readonly connections: ConnectionRegistry) {}

  /** Liveness: succeeds as long as the process answers. */
  @Get('health')
  health(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** Readiness: whether the server accepts new conversations. It does not while it shuts down. */
  @Get('ready')
  ready(): { ready: true } {
    if (this.connections.draining) throw new ServiceUnavailableException({ ready: false });
    return { ready: true };
  }
}
