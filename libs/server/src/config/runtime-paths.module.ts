import { type DynamicModule, Global, Module } from '@nestjs/common';
import { RUNTIME_PATHS, type RuntimePaths } from './runtime-paths';

/** Tells all modules of a program where its files are. */
@Global()
@Module({})
export class RuntimePathsModule {
  static for(paths: RuntimePaths): DynamicModule {
    return { module: RuntimePathsModule, providers: [{ provide: RUNTIME_PATHS, useValue: paths }], exports: [RUNTIME_PATHS] };
  }
}
