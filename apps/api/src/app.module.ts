import { existsSync } from 'node:fs';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { ServeStaticModule } from '@nestjs/serve-static';
import { RUNTIME_PATHS, type RuntimePaths } from './config/runtime-paths';
import { SettingsModule } from './config/settings.module';
import { ConnectionModule } from './connection/connection.module';
import { OperationsModule } from './operations/operations.module';

@Global()
@Module({})
class RuntimePathsModule {
  static for(paths: RuntimePaths): DynamicModule {
    return { module: RuntimePathsModule, providers: [{ provide: RUNTIME_PATHS, useValue: paths }], exports: [RUNTIME_PATHS] };
  }
}

/** The whole server. */
@Module({})
export class AppModule {
  static for(paths: RuntimePaths): DynamicModule {
    const page = existsSync(paths.webRoot)
      ? [ServeStaticModule.forRoot({ rootPath: paths.webRoot, exclude: ['/api/{*any}', '/ws/{*any}', '/metrics'] })]
      : [];
    return { module: AppModule, imports: [RuntimePathsModule.for(paths), SettingsModule, ConnectionModule, OperationsModule, ...page] };
  }
}
