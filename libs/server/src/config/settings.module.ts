import { type DynamicModule, Module } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { parseEnvironment } from './parse-environment';
import type { Secrets } from './secrets';
import { type Settings, SETTINGS, settingsFrom } from './settings';

/** The log of the server, which exists before its settings do. */
export interface ConfiguredLog {
  configure(settings: Pick<Settings, 'logLevel' | 'telemetry'>): Promise<void>;
}

/** Provides the settings of the whole server, read from `.env` and the environment. The start fails with a list of all mistakes in them. */
@Module({})
export class SettingsModule {
  /** `secrets` learns the keys that are configured, and then `log` how to write, before any other module can log something. */
  static for(secrets: Pick<Secrets, 'add'>, log?: ConfiguredLog): DynamicModule {
    return {
      module: SettingsModule,
      global: true,
      imports: [ConfigModule.forRoot({ envFilePath: '.env', validate: (raw) => ({ environment: parseEnvironment(raw) }) })],
      providers: [
        {
          provide: SETTINGS,
          inject: [ConfigService],
          useFactory: async (config: ConfigService) => {
            const settings = settingsFrom(config.getOrThrow('environment'));
            secrets.add(settings.secrets);
            await log?.configure(settings);
            return settings;
          },
        },
      ],
      exports: [SETTINGS],
    };
  }
}
