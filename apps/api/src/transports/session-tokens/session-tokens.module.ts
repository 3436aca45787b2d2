import { Inject, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import { type Settings, SETTINGS } from '@parley/server';
import { ClientAddressModule } from '../client-address/client-address.module';
import { openUsedTokens } from './open-used-tokens';
import { SESSION_TOKEN_ISSUER, SessionTokenIssuerGuard } from './session-token-issuer.guard';
import { SessionTokens } from './session-tokens';
import { SessionTokensController } from './session-tokens.controller';
import { UpgradeTokens } from './upgrade-tokens';
import type { UsedTokens } from './used-tokens';

const USED_TOKENS = Symbol('USED_TOKENS');

/** Issues session tokens and checks them. */
@Module({
  imports: [ClientAddressModule],
  controllers: [SessionTokensController],
  providers: [
    { provide: SESSION_TOKEN_ISSUER, useClass: SessionTokenIssuerGuard },
    {
      provide: USED_TOKENS,
      inject: [SETTINGS],
      useFactory: ({ access: { sessionTokens } }: Pick<Settings, 'access'>): Promise<UsedTokens> =>
        openUsedTokens(sessionTokens.secret === undefined ? undefined : sessionTokens.redisUrl, new Logger(SessionTokens.name)),
    },
    {
      provide: SessionTokens,
      inject: [SETTINGS, USED_TOKENS],
      useFactory: ({ access: { sessionTokens } }: Pick<Settings, 'access'>, used: UsedTokens) =>
        new SessionTokens({ ...sessionTokens, used, now: Date.now }),
    },
    { provide: UpgradeTokens, inject: [SessionTokens], useFactory: (tokens: SessionTokens) => new UpgradeTokens(tokens) },
  ],
  exports: [SessionTokens, UpgradeTokens],
})
export class SessionTokensModule implements OnApplicationShutdown {
  constructor(@Inject(USED_TOKENS) private readonly used: UsedTokens) {}

  async onApplicationShutdown(): Promise<void> {
    await this.used.close();
  }
}
