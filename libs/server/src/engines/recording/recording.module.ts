import { Module } from '@nestjs/common';
import { Recordings } from './recordings';

/** Provides the recording of sessions, which must be switched on in the configuration. */
@Module({ providers: [Recordings], exports: [Recordings] })
export class RecordingModule {}
