import { existsSync } from 'node:fs';
import { type DynamicModule, Module } from '@nestjs/common';
import { ServeStaticModule } from '@nestjs/serve-static';
import { type RuntimePaths, RuntimePathsModule, type Secrets, SettingsModule } from '@parley/server';
import { ConnectionModule } from './transports/websocket/connection.module';
import { EpisodeHttpModule } from './transports/http/http.module';
import { RoomHttpModule } from './transports/http/rooms/room-http.module';
import { SessionTokensModule } from './transports/session-tokens/session-tokens.module';
import { OperationsModule } from './operations/operations.module';

/** Paths without a dot are routes of the page. All others are files, and a missing file is answered with 404 instead of the page. */
const ROUTE_OF_THE_PAGE = /^[^.]*$/;

/** The root module of the server. */
@Module({})
export class AppModule {
  static for(paths: RuntimePaths, secrets: Secrets): DynamicModule {
    const page = existsSync(paths.webRoot)
      ? [
          ServeStaticModule.forRoot({
            rootPath: paths.webRoot,
            renderPath: ROUTE_OF_THE_PAGE,
            exclude: ['/api/{*any}', '/ws/{*any}', '/metrics'],
          }),
        ]
      : [];
    return {
      module: AppModule,
      imports: [
        RuntimePathsModule.for(paths),
        SettingsModule.for(secrets),
        ConnectionModule,
        EpisodeHttpModule,
        RoomHttpModule,
        SessionTokensModule,
        OperationsModule,
        ...page,
      ],
    };
  }
}
