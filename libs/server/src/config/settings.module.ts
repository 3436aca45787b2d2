import { type DynamicModule, Module } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { parseEnvironment } from './parse-environment';
import type { Secrets } from './secrets';
import { SETTINGS, settingsFrom } from './settings';

/** Provides the settings of the whole server, read from `.env` and the environment. The start fails with a list of all mistakes in them. */
@Module({})
export class SettingsModule {
  /** `secrets` learns the keys that are configured before any other module can log them. */
  static for(secrets: Pick<Secrets, 'add'>): DynamicModule {
    return {
      module: SettingsModule,
      global: true,
      imports: [ConfigModule.forRoot({ envFilePath: '.env', validate: (raw) => ({ environment: parseEnvironment(raw) }) })],
      providers: [
        {
          provide: SETTINGS,
          inject: [ConfigService],
          useFactory: (config: ConfigService) => {
            const settings = settingsFrom(config.getOrThrow('environment'));
            secrets.add(settings.secrets);
            return settings;
          },
        },
      ],
      exports: [SETTINGS],
    };
  }
}
