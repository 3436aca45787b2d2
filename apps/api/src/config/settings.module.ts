import { Global, Module } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { parseEnvironment } from './parse-environment';
import { SECRETS } from './secrets';
import { SETTINGS, settingsFrom } from './settings';

/** Reads `.env` and the environment; the start fails with every mistake listed. */
@Global()
@Module({
  imports: [ConfigModule.forRoot({ envFilePath: '.env', validate: (raw) => ({ environment: parseEnvironment(raw) }) })],
  providers: [
    {
      provide: SETTINGS,
      inject: [ConfigService],
      useFactory: (config: ConfigService) => {
        const settings = settingsFrom(config.getOrThrow('environment'));
        SECRETS.add(settings.secrets);
        return settings;
      },
    },
  ],
  exports: [SETTINGS],
})
export class SettingsModule {}
