import { Controller, Get, Inject, ServiceUnavailableException } from '@nestjs/common';
import { EpisodeLibrary } from '../episodes/episode-library';
import type { ServiceReport } from '../episodes/service-health';
import { ConnectionRegistry } from '../transports/websocket/connection-registry';

@Controller('api')
export class HealthController {
  constructor(
    @Inject(ConnectionRegistry) private readonly connections: ConnectionRegistry,
    @Inject(EpisodeLibrary) private readonly library: EpisodeLibrary,
  ) {}

  /** Liveness: succeeds as long as the process answers. */
  @Get('health')
  health(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /**
   * Readiness: whether the server accepts new conversations. It does not while it shuts down. Conversations need no database, so a server whose
   * PostgreSQL or Redis is away stays ready, and says so.
   */
  @Get('ready')
  async ready(): Promise<{ ready: true; episodes?: ServiceReport }> {
    if (this.connections.draining) throw new ServiceUnavailableException({ ready: false });
    const episodes = await this.library.health();
    return { ready: true, ...(episodes && { episodes }) };
  }
}
